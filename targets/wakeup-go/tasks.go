package main

import (
	"sync"
	"sync/atomic"
	"time"
)

// pingPong hands over between two goroutines. A send finds the other one waiting, makes it runnable
// and goes on to wait itself, so each send is one hand-over.
func pingPong(handOvers int) answer {
	ping, pong := make(chan struct{}), make(chan struct{})
	rounds := handOvers / 2
	go func() {
		for range rounds {
			<-ping
			pong <- struct{}{}
		}
	}()
	start := time.Now()
	for range rounds {
		ping <- struct{}{}
		<-pong
	}
	return answer{Operations: 2 * rounds, ElapsedNs: int64(time.Since(start))}
}

func spawnJoin(count int) answer {
	start := time.Now()
	for range count {
		done := make(chan struct{})
		go func() { close(done) }()
		<-done
	}
	return answer{Operations: count, ElapsedNs: int64(time.Since(start))}
}

func timer(asked time.Duration, times int) answer {
	lateness := make([]int64, times)
	start := time.Now()
	for i := range lateness {
		before := time.Now()
		time.Sleep(asked)
		lateness[i] = int64(time.Since(before) - asked)
	}
	return answer{Operations: times, ElapsedNs: int64(time.Since(start)), SamplesNs: lateness}
}

// parkedTasks are goroutines that each wait on a channel of their own.
type parkedTasks struct {
	wake   []chan struct{}
	start  time.Time
	delays []int64
	ended  sync.WaitGroup
}

func (tasks *parkedTasks) park(count int) answer {
	start := time.Now()
	tasks.wake = make([]chan struct{}, count)
	tasks.ended.Add(count)
	var arrived atomic.Int64
	for i := range tasks.wake {
		wake := make(chan struct{})
		tasks.wake[i] = wake
		go func() {
			arrived.Add(1)
			<-wake
			tasks.delays[i] = int64(time.Since(tasks.start))
			tasks.ended.Done()
		}()
	}
	for arrived.Load() < int64(count) {
		time.Sleep(time.Millisecond)
	}
	// The last to arrive has only the receive left to do.
	time.Sleep(10 * time.Millisecond)
	return answer{Operations: count, ElapsedNs: int64(time.Since(start))}
}

func (tasks *parkedTasks) wakeAll() answer {
	// Here, so that it is no part of what a parked task takes.
	tasks.delays = make([]int64, len(tasks.wake))
	tasks.start = time.Now()
	for _, wake := range tasks.wake {
		wake <- struct{}{}
	}
	tasks.ended.Wait()
	delays := tasks.delays
	*tasks = parkedTasks{}
	var last int64
	for _, delay := range delays {
		last = max(last, delay)
	}
	return answer{Operations: len(delays), ElapsedNs: last, SamplesNs: delays}
}
