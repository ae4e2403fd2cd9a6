package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	maxSleepMs   = 60_000
	maxCPURounds = 10_000_000
	maxBodyBytes = 1 << 20
)

var (
	helloWorld = []byte("Hello, World!")
	slept      = []byte("slept")
	healthy    = []byte("ok")
)

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /plaintext", plaintext)
	mux.HandleFunc("GET /json", greeting)
	mux.HandleFunc("POST /echo", echo)
	mux.HandleFunc("GET /sleep/{ms}", sleep)
	mux.HandleFunc("GET /cpu/{n}", cpu)
	mux.HandleFunc("GET /users/{id}", user)
	mux.HandleFunc("GET /health", health)
	mux.HandleFunc("GET /events/{n}", events)
	mux.HandleFunc("GET /events/{n}/{ms}", events)
	mux.HandleFunc("GET /ws", echoMessages)
	mux.Handle("GET /room", newRoom())
	return mux
}

// send sets the length itself, which net/http would do for short bodies only.
func send(w http.ResponseWriter, contentType string, body []byte) {
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

func plaintext(w http.ResponseWriter, _ *http.Request) {
	send(w, "text/plain", helloWorld)
}

func health(w http.ResponseWriter, _ *http.Request) {
	send(w, "text/plain", healthy)
}

func greeting(w http.ResponseWriter, _ *http.Request) {
	sendJSON(w, struct {
		Message string `json:"message"`
	}{"Hello, World!"})
}

func user(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	sendJSON(w, struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}{id, "user " + id})
}

func sendJSON(w http.ResponseWriter, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	send(w, "application/json", body)
}

func echo(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(w, r)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		w.Header().Set("Connection", "close")
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	contentType := r.Header.Get("Content-Type")
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	send(w, contentType, body)
}

// readBody goes by the length that the client announced, where it did: to refuse what is
// too large before it comes, and to make the buffer once.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	switch {
	case r.ContentLength > maxBodyBytes:
		return nil, &http.MaxBytesError{Limit: maxBodyBytes}
	case r.ContentLength < 0:
		return io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, body)
	return body, err
}

func sleep(w http.ResponseWriter, r *http.Request) {
	ms, err := parameter(r, "ms", maxSleepMs)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	time.Sleep(time.Duration(ms) * time.Millisecond)
	send(w, "text/plain", slept)
}

func cpu(w http.ResponseWriter, r *http.Request) {
	rounds, err := parameter(r, "n", maxCPURounds)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	x := uint32(1)
	for range rounds {
		x = x*1664525 + 1013904223
	}
	send(w, "text/plain", strconv.AppendUint(nil, uint64(x), 10))
}

func parameter(r *http.Request, name string, limit uint64) (uint64, error) {
	value, err := strconv.ParseUint(r.PathValue(name), 10, 64)
	if err == nil && value > limit {
		err = strconv.ErrRange
	}
	return value, err
}
