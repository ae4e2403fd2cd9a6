package main

import (
	"context"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"
)

const tick = 50 * time.Millisecond

// patience is how long goroutines that were told to end have for it.
const patience = 5 * time.Second

// watchForever starts a loop on a ticker that nothing ends.
func watchForever(context.Context) {
	ticker := time.NewTicker(tick)
	go func() {
		for range ticker.C {
			seen++
		}
	}()
}

// watchUntilDone starts the same loop, which ends with the call's context.
func watchUntilDone(ctx context.Context) {
	ticker := time.NewTicker(tick)
	go func() {
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				seen++
			}
		}
	}()
}

// calling does so many calls, each with a context that is cancelled at its end, as a request's is,
// and counts what they left behind: goroutines, those of them that the profile shows in the loop, and
// bytes of heap and stacks.
func calling(call func(context.Context)) func(int) answer {
	return func(operations int) answer {
		before := leftBehind()
		elapsed := timed(operations, func(count int) {
			for range count {
				ctx, cancel := context.WithCancel(context.Background())
				call(ctx)
				cancel()
			}
		})
		settle(int(before["goroutines"]))
		after := leftBehind()
		for name := range after {
			after[name] -= before[name]
		}
		return answer{Operations: operations, ElapsedNs: int64(elapsed), Totals: after}
	}
}

// settle waits until no more goroutines are left than there were, or their number no longer falls.
func settle(goroutines int) {
	deadline := time.Now().Add(patience)
	fewest, since := runtime.NumGoroutine(), time.Now()
	for fewest > goroutines && time.Now().Before(deadline) && time.Since(since) < 2*tick {
		time.Sleep(time.Millisecond)
		if left := runtime.NumGoroutine(); left < fewest {
			fewest, since = left, time.Now()
		}
	}
}

func leftBehind() map[string]float64 {
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return map[string]float64{
		"goroutines": float64(runtime.NumGoroutine()),
		"profiled":   float64(inProfile("main.watch")),
		"bytes":      float64(memory.HeapAlloc + memory.StackInuse),
	}
}

// inProfile counts the goroutines of the goroutine profile whose stack names such a function.
func inProfile(function string) int {
	var text strings.Builder
	if err := pprof.Lookup("goroutine").WriteTo(&text, 1); err != nil {
		return 0
	}
	found := 0
	for _, stack := range strings.Split(text.String(), "\n\n") {
		if strings.Contains(stack, function) {
			found += countOf(stack)
		}
	}
	return found
}

// countOf reads the number that a stack of the profile begins with: "500 @ 0x4 0x5 …".
func countOf(stack string) int {
	for _, line := range strings.Split(stack, "\n") {
		count, _, found := strings.Cut(line, " @ ")
		if number, err := strconv.Atoi(count); found && err == nil {
			return number
		}
	}
	return 0
}
