package config

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	tableLine = regexp.MustCompile(`^\s*\[\s*([A-Za-z0-9_.\-"' ]+?)\s*\]`)
	arrayLine = regexp.MustCompile(`^\s*\[\[\s*([A-Za-z0-9_.\-"' ]+?)\s*\]\]`)
	keyLine   = regexp.MustCompile(`^\s*([A-Za-z0-9_.\-"' ]+?)\s*=\s*(.*)$`)
)

// linesOf says on which line each key stands ("mail.host", "carriers[1].name"). The text has already been parsed
// without error, so only the shapes of correct TOML need to be told apart.
func linesOf(text string) map[string]int {
	at := map[string]int{}
	counts := map[string]int{}
	prefix, open := "", ""
	for i, line := range strings.Split(text, "\n") {
		if open != "" { // inside a text or list of several lines
			if closes(line, open) {
				open = ""
			}
			continue
		}
		if m := arrayLine.FindStringSubmatch(line); m != nil {
			name := plainKey(m[1])
			prefix = name + "[" + strconv.Itoa(counts[name]) + "]"
			counts[name]++
			at[prefix] = i + 1
			prefix += "."
			continue
		}
		if m := tableLine.FindStringSubmatch(line); m != nil {
			name := plainKey(m[1])
			if head, rest, ok := strings.Cut(name, "."); ok && counts[head] > 0 {
				name = head + "[" + strconv.Itoa(counts[head]-1) + "]." + rest
			}
			at[name] = i + 1
			prefix = name + "."
			continue
		}
		if m := keyLine.FindStringSubmatch(line); m != nil {
			at[prefix+plainKey(m[1])] = i + 1
			open = opens(m[2])
		}
	}
	return at
}

func plainKey(s string) string {
	parts := strings.Split(s, ".")
	for i, p := range parts {
		parts[i] = strings.Trim(strings.TrimSpace(p), `"'`)
	}
	return strings.Join(parts, ".")
}

// opens names the mark that ends a value which goes on below its line, or "".
func opens(value string) string {
	for _, mark := range []string{`"""`, `'''`} {
		if strings.HasPrefix(value, mark) && !strings.Contains(value[3:], mark) {
			return mark
		}
	}
	if strings.HasPrefix(value, "[") && !closes(value, "]") {
		return "]"
	}
	return ""
}

func closes(line, mark string) bool {
	if mark != "]" {
		return strings.Contains(line, mark)
	}
	code, _, _ := strings.Cut(line, "#")
	return strings.HasSuffix(strings.TrimSpace(code), "]")
}
