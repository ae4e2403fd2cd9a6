package main

import "bytes"

const (
	maxHeadBytes = 16 << 10
	maxBodyBytes = 1 << 20
)

// request is one parsed head. Its slices point into the bytes it was parsed from.
type request struct {
	method      []byte
	path        []byte // without the query
	contentType []byte
	body        []byte // set once all of it has been received

	headBytes       int // with the empty line that ends it
	bodyBytes       int
	closes          bool
	expectsContinue bool
}

var (
	lineEnd = []byte("\r\n")
	headEnd = []byte("\r\n\r\n")
)

// parse reads the head that received begins with. It answers ok, incomplete when more
// has to be received first, or the error that the client is told.
func (r *request) parse(received []byte) status {
	end := bytes.Index(received[:min(len(received), maxHeadBytes)], headEnd)
	if end < 0 {
		return unfinished(received)
	}
	*r = request{headBytes: end + len(headEnd)}
	line, fields, _ := bytes.Cut(received[:end+len(lineEnd)], lineEnd)
	if !r.parseLine(line) {
		return badRequest
	}
	return r.parseFields(fields)
}

// unfinished tells garbage from a head that is still coming: no line of HTTP ends in a bare line feed.
func unfinished(received []byte) status {
	if i := bytes.IndexByte(received, '\n'); i == 0 || i > 0 && received[i-1] != '\r' {
		return badRequest
	}
	if len(received) >= maxHeadBytes {
		return headerFieldsTooLarge
	}
	return incomplete
}

// parseLine takes "METHOD target HTTP/1.x".
func (r *request) parseLine(line []byte) bool {
	method, rest, _ := bytes.Cut(line, []byte(" "))
	target, version, _ := bytes.Cut(rest, []byte(" "))
	if !isToken(method) || !isVisible(target) {
		return false
	}
	r.method = method
	r.path, _, _ = bytes.Cut(target, []byte("?"))
	switch string(version) {
	case "HTTP/1.1":
	case "HTTP/1.0":
		r.closes = true
	default:
		return false
	}
	return true
}

func (r *request) parseFields(fields []byte) status {
	lengths, chunked := 0, false
	for len(fields) > 0 {
		end := bytes.Index(fields, lineEnd)
		line := fields[:end]
		fields = fields[end+len(lineEnd):]

		colon := bytes.IndexByte(line, ':')
		if colon < 0 || !isToken(line[:colon]) {
			return badRequest
		}
		name, value := line[:colon], bytes.Trim(line[colon+1:], " \t")
		if bytes.IndexByte(value, '\r') >= 0 || bytes.IndexByte(value, '\n') >= 0 || bytes.IndexByte(value, 0) >= 0 {
			return badRequest
		}
		switch {
		case is(name, "content-length"):
			length, valid := parseDecimal(value)
			if !valid || lengths > 0 && length != r.bodyBytes {
				return badRequest
			}
			r.bodyBytes = length
			lengths++
		case is(name, "transfer-encoding"):
			chunked = true
		case is(name, "content-type"):
			r.contentType = value
		case is(name, "connection"):
			r.closes = r.closes || lists(value, "close")
		case is(name, "expect"):
			r.expectsContinue = is(value, "100-continue")
		}
	}
	switch {
	case chunked && lengths > 0:
		return badRequest // the two disagree on where the next request begins
	case chunked:
		return lengthRequired
	case r.bodyBytes > maxBodyBytes:
		return contentTooLarge
	}
	return ok
}
