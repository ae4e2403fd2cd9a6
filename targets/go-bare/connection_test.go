package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/iotest"
)

func TestAnswersAreTheSameForEverySplit(t *testing.T) {
	body := strings.Repeat("b", 3*borrowedBytes)
	batch := "GET /plaintext HTTP/1.1\r\n\r\n" +
		"POST /echo HTTP/1.1\r\nContent-Length: 98304\r\n\r\n" + body +
		"GET /users/7 HTTP/1.1\r\nX: " + strings.Repeat("x", 2*idleBytes) + "\r\n\r\n" +
		"GET /cpu/10 HTTP/1.1\r\nConnection: close\r\n\r\n"

	whole := serveAll(t, strings.NewReader(batch).Read)
	if !strings.HasSuffix(whole, "Content-Length: 10\r\n\r\n2745540835") {
		t.Fatalf("the last answer is missing: %q", whole[max(0, len(whole)-100):])
	}
	if got := serveAll(t, iotest.OneByteReader(strings.NewReader(batch)).Read); got != whole {
		t.Error("byte by byte the answers differ")
	}
	if got := serveAll(t, iotest.HalfReader(strings.NewReader(batch)).Read); got != whole {
		t.Error("by halves the answers differ")
	}
}

type read func([]byte) (int, error)

func (r read) Read(to []byte) (int, error) { return r(to) }

func serveAll(t *testing.T, from read) string {
	t.Helper()
	var sent bytes.Buffer
	c := connection{out: output{to: &sent}}
	c.in.release()
	for c.serveReceived() {
		if err := c.in.receive(from); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.out.flush(); err != nil {
		t.Fatal(err)
	}
	return sent.String()
}

func TestPlaintextAllocatesNothing(t *testing.T) {
	received := []byte("GET /plaintext HTTP/1.1\r\nHost: localhost:8080\r\n\r\n")
	var sent bytes.Buffer
	c := connection{out: output{to: &sent}}
	allocations := testing.AllocsPerRun(1000, func() {
		c.in.buffer, c.in.start, c.in.end = received, 0, len(received)
		c.serveReceived()
		_ = c.out.flush()
		sent.Reset()
	})
	if allocations >= 1 {
		t.Errorf("%.1f allocations per request", allocations)
	}
}
