// Command claims-go-programs answers targets/PROGRAM.md with commands of its own: event buses, and
// tickers that are stopped or not. Totals are those of all the operations of a command.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

type answer struct {
	Operations int                `json:"operations"`
	ElapsedNs  int64              `json:"elapsedNs"`
	Totals     map[string]float64 `json:"totals"`
}

var commands = map[string]func(operations int) answer{
	"interface-bus":  publishing(newInterfaceBus),
	"generic-topic":  publishing(newGenericTopic),
	"generic-bus":    publishing(newGenericBus),
	"ticker-leaking": calling(watchForever),
	"ticker-mended":  calling(watchUntilDone),
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	output := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		if lines.Text() == "exit" {
			return
		}
		result, err := obey(strings.Fields(lines.Text()))
		if err == nil {
			err = output.Encode(result)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "claims-go-programs:", err)
			os.Exit(1)
		}
	}
}

func obey(words []string) (answer, error) {
	if len(words) != 2 {
		return answer{}, fmt.Errorf("%q is no command and a number", words)
	}
	command, known := commands[words[0]]
	if !known {
		return answer{}, fmt.Errorf("there is no command %q", words[0])
	}
	operations, err := strconv.Atoi(words[1])
	if err != nil || operations < 1 {
		return answer{}, fmt.Errorf("%q is not a whole number above 0", words[1])
	}
	return command(operations), nil
}

func timed(operations int, run func(int)) time.Duration {
	start := time.Now()
	run(operations)
	return time.Since(start)
}
