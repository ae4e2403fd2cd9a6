module claims-go-programs

go 1.22
