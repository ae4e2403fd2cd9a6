module c1m/go-bare

go 1.22
