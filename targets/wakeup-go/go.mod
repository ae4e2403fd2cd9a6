module wakeup

go 1.22
