// Command peer runs Porcupine over histories and says how long it took: `peer RUNS FILE...`, one line of JSON a file (see ../main.ts).
// Build it with `go get github.com/anishathalye/porcupine@latest && go build -o peer .`
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"syscall"
	"time"

	"github.com/anishathalye/porcupine"
)

const absent = math.MinInt64

// What an operation is asked to do. Kinds: r(ead), w(rite), c(as), a(ppend).
type ask struct {
	kind byte
	key  string
	a, b int64
	text string
}

// What it answered. A read whose answer is unknown fits any value; a cas that is `done` was applied if `ok`.
type answer struct {
	known, ok bool
	value     int64
	text      string
}

func byKey(history []porcupine.Operation) [][]porcupine.Operation {
	at := map[string]int{}
	var parts [][]porcupine.Operation
	for _, op := range history {
		key := op.Input.(ask).key
		i, found := at[key]
		if !found {
			i = len(parts)
			at[key] = i
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], op)
	}
	return parts
}

var numbers = porcupine.Model{
	Partition: byKey,
	Init:      func() interface{} { return int64(absent) },
	Step: func(state, input, output interface{}) (bool, interface{}) {
		in, out, now := input.(ask), output.(answer), state.(int64)
		switch in.kind {
		case 'r':
			return !out.known || out.value == now, state
		case 'w':
			return true, in.a
		}
		if now == in.a {
			return !out.known || out.ok, in.b
		}
		return !out.known || !out.ok, state
	},
	Hash: func(state interface{}) uint64 { return uint64(state.(int64)) * 0x9e3779b97f4a7c15 },
}

var texts = porcupine.Model{
	Partition: byKey,
	Init:      func() interface{} { return "" },
	Step: func(state, input, output interface{}) (bool, interface{}) {
		in, out := input.(ask), output.(answer)
		switch in.kind {
		case 'r':
			return !out.known || out.text == state.(string), state
		case 'w':
			return true, in.text
		}
		return true, state.(string) + in.text
	},
	Hash: func(state interface{}) uint64 {
		h := uint64(14695981039346656037)
		for _, c := range []byte(state.(string)) {
			h = (h ^ uint64(c)) * 1099511628211
		}
		return h
	},
}

var (
	logLine = regexp.MustCompile(`(\d+)\s+:(\w+)\s+:(\w+)\s+(.*)$`)
	kvLine  = regexp.MustCompile(`:process (\d+), :type :(\w+), :f :(\w+), :key "(.*)", :value (nil|"(.*)")`)
	integer = regexp.MustCompile(`-?\d+`)
)

// Events in order of time: a call opens an operation of its process, anything else but `info` ends it.
func readEvents(data []byte, line func(string) (process, kind string, op porcupine.Operation, ok bool)) []porcupine.Operation {
	var ops []porcupine.Operation
	open := map[string]int{}
	now := int64(0)
	for scanner := bufio.NewScanner(bytes.NewReader(data)); scanner.Scan(); {
		process, kind, op, ok := line(scanner.Text())
		if !ok {
			continue
		}
		now++
		if kind == "invoke" {
			op.Call, op.Return, op.Output = now, math.MaxInt64, answer{}
			open[process] = len(ops)
			ops = append(ops, op)
		} else if i, found := open[process]; found && kind != "info" {
			ops[i].Return, ops[i].Output = now, op.Output
		}
	}
	return ops
}

func readLog(text string) (string, string, porcupine.Operation, bool) {
	m := logLine.FindStringSubmatch(text)
	if m == nil {
		return "", "", porcupine.Operation{}, false
	}
	in, out := ask{kind: m[3][0]}, answer{known: true, ok: m[2] == "ok", value: absent}
	args := integer.FindAllString(m[4], -1)
	if len(args) > 0 {
		in.a, _ = strconv.ParseInt(args[0], 10, 64)
		out.value = in.a
	}
	if len(args) > 1 {
		in.b, _ = strconv.ParseInt(args[1], 10, 64)
	}
	if in.kind == 'r' && !out.ok {
		out.known = false
	}
	return m[1], m[2], porcupine.Operation{Input: in, Output: out}, true
}

func readKv(text string) (string, string, porcupine.Operation, bool) {
	m := kvLine.FindStringSubmatch(text)
	if m == nil {
		return "", "", porcupine.Operation{}, false
	}
	kind := map[string]byte{"get": 'r', "put": 'w', "append": 'a'}[m[3]]
	op := porcupine.Operation{Input: ask{kind: kind, key: m[4], text: m[6]}, Output: answer{known: true, ok: true, text: m[6]}}
	return m[1], m[2], op, true
}

// {"p":0,"k":0,"f":"w","v":1,"c":1,"r":4}: the generated histories, with every field in this order.
func readJSON(data []byte) []porcupine.Operation {
	var ops []porcupine.Operation
	names := map[int64]string{}
	for at := 0; at < len(data); {
		field := func() (int64, bool) {
			for data[at] != ':' {
				at++
			}
			at++
			if data[at] == 'n' || data[at] == '"' {
				return int64(data[at+1]), false
			}
			value := int64(0)
			for ; data[at] >= '0' && data[at] <= '9'; at++ {
				value = value*10 + int64(data[at]-'0')
			}
			return value, true
		}
		process, _ := field()
		key, _ := field()
		f, _ := field()
		value, some := field()
		call, _ := field()
		ret, ended := field()
		for at < len(data) && data[at] != '\n' {
			at++
		}
		at++
		if !some {
			value = absent
		}
		if !ended {
			ret = math.MaxInt64
		}
		if _, found := names[key]; !found {
			names[key] = strconv.FormatInt(key, 10)
		}
		op := porcupine.Operation{ClientId: int(process), Input: ask{kind: byte(f), key: names[key], a: value}, Call: call, Return: ret}
		op.Output = answer{known: byte(f) != 'r' || ended, ok: true, value: value}
		ops = append(ops, op)
	}
	return ops
}

type result struct {
	File       string    `json:"file"`
	Operations int       `json:"operations"`
	Verdict    string    `json:"verdict"`
	ParseMs    float64   `json:"parseMs"`
	Ms         []float64 `json:"ms"`
	RssKb      int64     `json:"rssKb"`
}

func since(start time.Time) float64 { return float64(time.Since(start).Nanoseconds()) / 1e6 }

func main() {
	runs, _ := strconv.Atoi(os.Args[1])
	for _, file := range os.Args[2:] {
		start := time.Now()
		data, err := os.ReadFile(file)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		var ops []porcupine.Operation
		model := numbers
		switch {
		case bytes.HasPrefix(data, []byte(`{"`)):
			ops = readJSON(data)
		case bytes.HasPrefix(data, []byte(`{:`)):
			ops, model = readEvents(data, readKv), texts
		default:
			ops = readEvents(data, readLog)
		}
		out := result{File: file, Operations: len(ops), ParseMs: since(start)}
		for run := 0; run < runs; run++ {
			start = time.Now()
			verdict := porcupine.CheckOperationsTimeout(model, ops, time.Minute)
			out.Ms = append(out.Ms, since(start))
			out.Verdict = map[porcupine.CheckResult]string{porcupine.Ok: "valid", porcupine.Illegal: "invalid"}[verdict]
			if out.Verdict == "" {
				out.Verdict = "undecided"
				break
			}
		}
		var usage syscall.Rusage
		syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
		out.RssKb = usage.Maxrss
		line, _ := json.Marshal(out)
		fmt.Println(string(line))
	}
}
