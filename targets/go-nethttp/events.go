package main

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

const (
	maxEvents      = 10_000
	maxEventPaceMs = 60_000
)

// events sends each event by itself, as a service does that makes them one at a time.
func events(w http.ResponseWriter, r *http.Request) {
	count, err := parameter(r, "n", maxEvents)
	if err != nil || count == 0 {
		http.Error(w, "not a number of events from 1 to 10000", http.StatusBadRequest)
		return
	}
	var pace uint64
	if r.PathValue("ms") != "" {
		if pace, err = parameter(r, "ms", maxEventPaceMs); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	stream := http.NewResponseController(w)
	start := time.Now()
	var event []byte
	for k := range count {
		due := start.Add(time.Duration(k*pace) * time.Millisecond)
		if !waitUntil(r.Context(), due) {
			return
		}
		event = append(event[:0], "id: "...)
		event = strconv.AppendUint(event, k+1, 10)
		event = append(event, "\ndata: Hello, World!\n\n"...)
		if _, err := w.Write(event); err != nil {
			return
		}
		if stream.Flush() != nil {
			return
		}
	}
}

// waitUntil is false if the client has left meanwhile.
func waitUntil(client context.Context, due time.Time) bool {
	left := time.Until(due)
	if left <= 0 {
		return client.Err() == nil
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-client.Done():
		return false
	}
}
