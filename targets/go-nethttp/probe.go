package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"runtime"
	"runtime/metrics"
	"time"
)

const (
	probeTimeout      = 5 * time.Second
	maxProbeHeadBytes = 16 << 10
)

// probe answers GET /probe on a port of its own, so that the question does not queue behind
// the load. The whole of it is one goroutine that waits in Accept until somebody asks.
func probe(listener net.Listener) {
	for {
		socket, err := listener.Accept()
		if err != nil {
			time.Sleep(5 * time.Millisecond)
			continue
		}
		answerProbe(socket)
	}
}

func answerProbe(socket net.Conn) {
	defer socket.Close()
	if socket.SetDeadline(time.Now().Add(probeTimeout)) != nil {
		return
	}
	path, ok := readProbeHead(bufio.NewReader(socket))
	if !ok {
		return
	}
	if path != "/probe" {
		fmt.Fprint(socket, "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
		return
	}
	body, err := json.Marshal(readFigures())
	if err != nil {
		panic(err) // finite numbers and strings always marshal
	}
	fmt.Fprintf(socket, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"+
		"Connection: close\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// readProbeHead reads a request to the end of its head, since closing on unread bytes would
// reset the connection.
func readProbeHead(reader *bufio.Reader) (path string, ok bool) {
	for read := 0; read < maxProbeHeadBytes; {
		line, err := reader.ReadSlice('\n')
		if err != nil {
			return "", false
		}
		if read == 0 {
			if _, err := fmt.Sscanf(string(line), "GET %s HTTP/1.", &path); err != nil {
				path = ""
			}
		} else if len(line) <= 2 {
			return path, true
		}
		read += len(line)
	}
	return "", false
}

type figures struct {
	Runtime    string               `json:"runtime"`
	Version    string               `json:"version"`
	Tasks      tasks                `json:"tasks"`
	Gauges     map[string]float64   `json:"gauges"`
	Counters   map[string]float64   `json:"counters"`
	Histograms map[string]histogram `json:"histograms"`
}

type tasks struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

type histogram struct {
	Bounds []float64 `json:"bounds"`
	Counts []uint64  `json:"counts"`
}

// readFigures counts without the runtime's own goroutines, which package metrics counts as well
// and which come with the first collection. It leaves out what this version of Go does not measure.
func readFigures() figures {
	f := figures{
		Runtime:    "go",
		Version:    runtime.Version(),
		Tasks:      tasks{Kind: "goroutines", Count: runtime.NumGoroutine()},
		Gauges:     map[string]float64{},
		Counters:   map[string]float64{},
		Histograms: map[string]histogram{},
	}
	samples := []metrics.Sample{
		{Name: "/sched/goroutines/runnable:goroutines"},
		{Name: "/sched/gomaxprocs:threads"},
		{Name: "/gc/cycles/total:gc-cycles"},
		{Name: "/sched/latencies:seconds"},
		{Name: "/sched/pauses/total/gc:seconds"},
	}
	metrics.Read(samples)
	for _, sample := range samples {
		f.take(sample)
	}
	return f
}

func (f *figures) take(sample metrics.Sample) {
	if sample.Value.Kind() == metrics.KindBad {
		return
	}
	switch sample.Name {
	case "/sched/goroutines/runnable:goroutines":
		f.Gauges["goroutinesRunnable"] = float64(sample.Value.Uint64())
	case "/sched/gomaxprocs:threads":
		f.Gauges["gomaxprocs"] = float64(sample.Value.Uint64())
	case "/gc/cycles/total:gc-cycles":
		f.Counters["gcCycles"] = float64(sample.Value.Uint64())
	case "/sched/latencies:seconds":
		f.Histograms["schedulingLatencyUs"] = inMicroseconds(sample.Value.Float64Histogram())
	case "/sched/pauses/total/gc:seconds":
		f.Histograms["gcPauseUs"] = inMicroseconds(sample.Value.Float64Histogram())
	}
}

// inMicroseconds leaves out the outermost bounds, which are infinite.
func inMicroseconds(seconds *metrics.Float64Histogram) histogram {
	inner := seconds.Buckets[1 : len(seconds.Buckets)-1]
	bounds := make([]float64, len(inner))
	for i, bound := range inner {
		bounds[i] = math.Round(bound*1e9) / 1e3
	}
	return histogram{Bounds: bounds, Counts: seconds.Counts}
}
