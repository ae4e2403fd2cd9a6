package main

type status int

const (
	incomplete           status = 0 // no status yet: more has to be received
	ok                   status = 200
	badRequest           status = 400
	notFound             status = 404
	methodNotAllowed     status = 405
	lengthRequired       status = 411
	contentTooLarge      status = 413
	headerFieldsTooLarge status = 431
)

func (s status) line() string {
	switch s {
	case ok:
		return "200 OK"
	case badRequest:
		return "400 Bad Request"
	case notFound:
		return "404 Not Found"
	case methodNotAllowed:
		return "405 Method Not Allowed"
	case lengthRequired:
		return "411 Length Required"
	case contentTooLarge:
		return "413 Content Too Large"
	case headerFieldsTooLarge:
		return "431 Request Header Fields Too Large"
	default:
		panic("a response without a status")
	}
}
