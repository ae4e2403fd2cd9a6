package main

import "bytes"

// tokenBytes are the bytes that RFC 9110 allows in methods and field names.
var tokenBytes = func() (allowed [256]bool) {
	for _, b := range []byte("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		allowed[b] = true
	}
	return allowed
}()

func isToken(text []byte) bool {
	for _, b := range text {
		if !tokenBytes[b] {
			return false
		}
	}
	return len(text) > 0
}

func isVisible(text []byte) bool {
	for _, b := range text {
		if b <= ' ' || b == 0x7f {
			return false
		}
	}
	return len(text) > 0
}

// is compares without regard to the case of letters; lower is in lower case.
func is(text []byte, lower string) bool {
	// Most names already differ in length, which is all that has to be looked at.
	return len(text) == len(lower) && bytes.EqualFold(text, []byte(lower))
}

// lists says whether a comma-separated value has the item.
func lists(value []byte, item string) bool {
	for len(value) > 0 {
		var first []byte
		first, value, _ = bytes.Cut(value, []byte(","))
		if is(bytes.Trim(first, " \t"), item) {
			return true
		}
	}
	return false
}

// parseDecimal takes digits only. What is too large for any limit here stays too large.
func parseDecimal(digits []byte) (value int, valid bool) {
	const ceiling = 1 << 30
	for _, digit := range digits {
		if digit < '0' || digit > '9' {
			return 0, false
		}
		value = min(value*10+int(digit-'0'), ceiling)
	}
	return value, len(digits) > 0
}
