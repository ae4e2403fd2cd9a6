package main

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

const (
	text   = "text/plain"
	inJSON = "application/json"
	binary = "application/octet-stream"
)

const (
	maxSleepMs   = 60_000
	maxCPURounds = 10_000_000
)

var (
	helloWorld = []byte("Hello, World!")
	slept      = []byte("slept")
	healthy    = []byte("ok")
)

// answer is the router: exact paths, then those that end in a parameter. It calls the
// endpoints by name, not through a table, so that the request stays on the stack.
func answer(r *request, out *output) {
	switch string(r.path) {
	case "/plaintext":
		if allows("GET", r, out) {
			plaintext(r, out)
		}
	case "/json":
		if allows("GET", r, out) {
			greeting(r, out)
		}
	case "/echo":
		if allows("POST", r, out) {
			echo(r, out)
		}
	case "/health":
		if allows("GET", r, out) {
			health(r, out)
		}
	default:
		answerWithParameter(r, out)
	}
}

func answerWithParameter(r *request, out *output) {
	slash := bytes.LastIndexByte(r.path, '/') + 1
	parameter := r.path[slash:]
	switch string(r.path[:slash]) {
	case "/sleep/":
		if allows("GET", r, out) {
			sleep(parameter, r, out)
		}
	case "/cpu/":
		if allows("GET", r, out) {
			cpu(parameter, r, out)
		}
	case "/users/":
		if allows("GET", r, out) {
			user(parameter, r, out)
		}
	default:
		refuse(notFound, r, out)
	}
}

func allows(method string, r *request, out *output) bool {
	if string(r.method) == method {
		return true
	}
	refuse(methodNotAllowed, r, out)
	return false
}

func refuse(status status, r *request, out *output) {
	out.respond(status, r.closes, "", nil)
}

func plaintext(r *request, out *output) {
	out.respond(ok, r.closes, text, helloWorld)
}

func health(r *request, out *output) {
	out.respond(ok, r.closes, text, healthy)
}

func greeting(r *request, out *output) {
	respondJSON(r, out, struct {
		Message string `json:"message"`
	}{"Hello, World!"})
}

func user(parameter []byte, r *request, out *output) {
	if len(parameter) == 0 {
		refuse(notFound, r, out)
		return
	}
	id := string(parameter)
	respondJSON(r, out, struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}{id, "user " + id})
}

func respondJSON(r *request, out *output, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err) // structs of strings always marshal
	}
	out.respond(ok, r.closes, inJSON, body)
}

func echo(r *request, out *output) {
	contentType := binary
	if len(r.contentType) > 0 {
		contentType = string(r.contentType)
	}
	out.respond(ok, r.closes, contentType, r.body)
}

func sleep(digits []byte, r *request, out *output) {
	ms, valid := parseUpTo(maxSleepMs, digits)
	if !valid {
		refuse(badRequest, r, out)
		return
	}
	// Answers to requests that came before this one do not wait with it.
	if out.flush() != nil {
		r.closes = true
		return
	}
	time.Sleep(time.Duration(ms) * time.Millisecond)
	out.respond(ok, r.closes, text, slept)
}

func cpu(digits []byte, r *request, out *output) {
	rounds, valid := parseUpTo(maxCPURounds, digits)
	if !valid {
		refuse(badRequest, r, out)
		return
	}
	x := uint32(1)
	for range rounds {
		x = x*1664525 + 1013904223
	}
	out.respond(ok, r.closes, text, strconv.AppendUint(nil, uint64(x), 10))
}

func parseUpTo(limit int, digits []byte) (value int, valid bool) {
	value, valid = parseDecimal(digits)
	return value, valid && value <= limit
}
