// Command go-pprof is a server of net/http that has pprof and expvar on a port of their own.
package main

import (
	"encoding/json"
	"expvar"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"runtime"
)

func main() {
	host := os.Getenv("HOST")
	if port := os.Getenv("PROBE_PORT"); port != "" {
		go serve(net.JoinHostPort(host, port), diagnostics())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, r *http.Request) {})
	mux.HandleFunc("GET /plaintext", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(w, "Hello, World!")
	})
	serve(net.JoinHostPort(host, os.Getenv("PORT")), mux)
}

func serve(address string, handler http.Handler) {
	fmt.Fprintln(os.Stderr, "go-pprof:", http.ListenAndServe(address, handler))
	os.Exit(1)
}

// diagnostics are what importing net/http/pprof and expvar puts on the default mux, and /probe.
func diagnostics() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	mux.Handle("/debug/vars", expvar.Handler())
	mux.HandleFunc("/probe", func(w http.ResponseWriter, r *http.Request) {
		none := map[string]float64{}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{
			"runtime":  "go",
			"version":  runtime.Version(),
			"tasks":    map[string]any{"kind": "goroutines", "count": runtime.NumGoroutine()},
			"gauges":   none,
			"counters": none, "histograms": none,
		})
	})
	return mux
}
