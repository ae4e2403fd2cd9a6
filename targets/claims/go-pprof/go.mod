module go-pprof

go 1.22
