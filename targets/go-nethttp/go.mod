module c1m/go-nethttp

go 1.22
