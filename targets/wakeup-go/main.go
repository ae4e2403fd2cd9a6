// Command wakeup answers targets/PROGRAM.md with goroutines: a command a line on standard input,
// a line of JSON for each on standard output.
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
	Operations int     `json:"operations"`
	ElapsedNs  int64   `json:"elapsedNs"`
	SamplesNs  []int64 `json:"samplesNs,omitempty"`
}

func main() {
	var tasks parkedTasks
	lines := bufio.NewScanner(os.Stdin)
	output := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) == 1 && words[0] == "exit" {
			return
		}
		result, err := obey(words, &tasks)
		if err == nil {
			err = output.Encode(result)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "wakeup-go:", err)
			os.Exit(1)
		}
	}
}

func obey(words []string, tasks *parkedTasks) (answer, error) {
	numbers, err := numbersIn(words)
	if err != nil {
		return answer{}, err
	}
	switch {
	case len(words) == 2 && words[0] == "ping-pong":
		return pingPong(numbers[0]), nil
	case len(words) == 2 && words[0] == "spawn-join":
		return spawnJoin(numbers[0]), nil
	case len(words) == 2 && words[0] == "park":
		return tasks.park(numbers[0]), nil
	case len(words) == 1 && words[0] == "wake":
		return tasks.wakeAll(), nil
	case len(words) == 3 && words[0] == "timer":
		return timer(time.Duration(numbers[0])*time.Microsecond, numbers[1]), nil
	}
	return answer{}, fmt.Errorf("there is no command %q", strings.Join(words, " "))
}

func numbersIn(words []string) ([]int, error) {
	var numbers []int
	for _, word := range words[min(1, len(words)):] {
		number, err := strconv.Atoi(word)
		if err != nil || number < 1 {
			return nil, fmt.Errorf("%q is not a whole number above 0", word)
		}
		numbers = append(numbers, number)
	}
	return numbers, nil
}
