package main

import (
	"reflect"
	"runtime"
	"sync"
)

// orderPlaced is an event of 48 bytes, as one that carries an order has.
type orderPlaced struct {
	Order    int64
	Customer int64
	Cents    int64
	Placed   int64
	Currency string
}

// seen keeps the compiler from leaving the handler out.
var seen int64

//go:noinline
func handle(event orderPlaced) { seen += event.Cents }

// publishing measures one kind of bus: a subscriber, and events that differ.
func publishing(newBus func() func(orderPlaced)) func(int) answer {
	return func(operations int) answer {
		publish := newBus()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		elapsed := timed(operations, func(count int) {
			for i := range count {
				publish(orderPlaced{Order: int64(i), Cents: 1, Currency: "EUR"})
			}
		})
		runtime.ReadMemStats(&after)
		return answer{
			Operations: operations,
			ElapsedNs:  int64(elapsed),
			Totals: map[string]float64{
				"bytes":       float64(after.TotalAlloc - before.TotalAlloc),
				"allocations": float64(after.Mallocs - before.Mallocs),
			},
		}
	}
}

// interfaceBus keys its handlers by the type of an event and hands each one the event as any.
type interfaceBus struct {
	mutex    sync.RWMutex
	handlers map[reflect.Type][]func(any)
}

func (bus *interfaceBus) publish(event any) {
	bus.mutex.RLock()
	handlers := bus.handlers[reflect.TypeOf(event)]
	bus.mutex.RUnlock()
	for _, handler := range handlers {
		handler(event)
	}
}

func newInterfaceBus() func(orderPlaced) {
	bus := &interfaceBus{handlers: map[reflect.Type][]func(any){}}
	key := reflect.TypeOf(orderPlaced{})
	bus.handlers[key] = append(bus.handlers[key], func(event any) { handle(event.(orderPlaced)) })
	return func(event orderPlaced) { bus.publish(event) }
}

// topic has the handlers of one type of event, which its own type says.
type topic[Event any] struct {
	mutex    sync.RWMutex
	handlers []func(Event)
}

func (topic *topic[Event]) publish(event Event) {
	topic.mutex.RLock()
	handlers := topic.handlers
	topic.mutex.RUnlock()
	for _, handler := range handlers {
		handler(event)
	}
}

func newGenericTopic() func(orderPlaced) {
	orders := &topic[orderPlaced]{handlers: []func(orderPlaced){handle}}
	return func(event orderPlaced) { orders.publish(event) }
}

// genericBus has all topics, each found by the type that a call is instantiated with.
type genericBus struct {
	mutex  sync.RWMutex
	topics map[reflect.Type]any
}

func publishOn[Event any](bus *genericBus, event Event) {
	bus.mutex.RLock()
	found, known := bus.topics[reflect.TypeFor[Event]()]
	bus.mutex.RUnlock()
	if known {
		found.(*topic[Event]).publish(event)
	}
}

func newGenericBus() func(orderPlaced) {
	orders := &topic[orderPlaced]{handlers: []func(orderPlaced){handle}}
	bus := &genericBus{topics: map[reflect.Type]any{reflect.TypeFor[orderPlaced](): orders}}
	return func(event orderPlaced) { publishOn(bus, event) }
}
