// Command go-nethttp answers targets/CONTRACT.md with net/http as it is deployed:
// http.Server, for HTTP/1.1 and HTTP/2, and the patterns of http.ServeMux. WebSockets are gorilla's.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
)

func main() {
	host := environ("HOST", "127.0.0.1")
	listener, err := listen(host, environ("PORT", "8080"))
	if err != nil {
		fail(err)
	}
	if port := os.Getenv("PROBE_PORT"); port != "" {
		prober, err := listen(host, port)
		if err != nil {
			fail(err)
		}
		go probe(prober)
	}
	fail(newServer().Serve(listener))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "go-nethttp:", err)
	os.Exit(1)
}

func environ(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

// listen needs no backlog: package net asks for somaxconn.
func listen(host, port string) (net.Listener, error) {
	// Keepalive probes, every 15 s by default, would be traffic on idle connections.
	config := net.ListenConfig{KeepAlive: -1}
	// Newer Go listens for multipath TCP, which would make its sockets unlike the other servers'.
	config.SetMultipathTCP(false)
	return config.Listen(context.Background(), "tcp", net.JoinHostPort(host, port))
}

// newServer sets no timeout: an idle connection stays for as long as its client.
func newServer() *http.Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	// By prior knowledge, on the same port.
	protocols.SetUnencryptedHTTP2(true)
	return &http.Server{
		Handler:   routes(),
		Protocols: protocols,
		// net/http reads 4 KiB more than this before it refuses, so heads end at 16 KiB.
		MaxHeaderBytes: 12 << 10,
		// What a client does wrong is not logged.
		ErrorLog: log.New(io.Discard, "", 0),
	}
}
