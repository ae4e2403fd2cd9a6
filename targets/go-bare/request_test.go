package main

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		name, received string
		want           status
	}{
		{"a request", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", ok},
		{"a request and the start of another", "GET / HTTP/1.1\r\n\r\nGET", ok},
		{"nothing yet", "", incomplete},
		{"a line without its end", "GET / HTTP/1.1\r", incomplete},
		{"no empty line yet", "GET / HTTP/1.1\r\nHost: x\r\n", incomplete},
		{"two equal lengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", ok},
		{"two lengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", badRequest},
		{"a length with a sign", "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n", badRequest},
		{"a length beyond any integer", "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", contentTooLarge},
		{"a chunked body", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", lengthRequired},
		{"a chunked body with a length", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", badRequest},
		{"bare line feeds", "GET / HTTP/1.1\nHost: x\n\n", badRequest},
		{"an empty line first", "\r\n\r\n", badRequest},
		{"no version", "GET /\r\n\r\n", badRequest},
		{"another protocol", "GET / SIP/2.0\r\n\r\n", badRequest},
		{"two spaces", "GET  / HTTP/1.1\r\n\r\n", badRequest},
		{"a field without a colon", "GET / HTTP/1.1\r\nHost\r\n\r\n", badRequest},
		{"a space before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", badRequest},
		{"a folded field", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", badRequest},
		{"a head that fits", "GET / HTTP/1.1\r\nA: " + strings.Repeat("x", 16_000) + "\r\n\r\n", ok},
		{"a head too long", "GET / HTTP/1.1\r\nA: " + strings.Repeat("x", 17_000) + "\r\n\r\n", headerFieldsTooLarge},
		{"a head without an end", "GET /" + strings.Repeat("x", 17_000), headerFieldsTooLarge},
	} {
		t.Run(test.name, func(t *testing.T) {
			var request request
			if got := request.parse([]byte(test.received)); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

func TestParseFillsInTheRequest(t *testing.T) {
	head := "POST /users/42?q=1 HTTP/1.1\r\ncontent-LENGTH: 5 \r\nContent-Type:text/css\r\n" +
		"Connection: keep-alive, Close\r\nExpect: 100-continue\r\n\r\n"
	var r request
	if status := r.parse([]byte(head + "hello")); status != ok {
		t.Fatalf("got %d", status)
	}
	if string(r.method) != "POST" || string(r.path) != "/users/42" || string(r.contentType) != "text/css" {
		t.Errorf("got %q %q %q", r.method, r.path, r.contentType)
	}
	if r.headBytes != len(head) || r.bodyBytes != 5 || !r.closes || !r.expectsContinue {
		t.Errorf("got %+v", r)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"))
	f.Fuzz(func(t *testing.T, received []byte) {
		var request request
		if request.parse(received) == ok && request.headBytes > len(received) {
			t.Errorf("a head of %d bytes out of %d", request.headBytes, len(received))
		}
	})
}
