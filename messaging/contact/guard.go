package contact

import "strings"

// formula says that a spreadsheet may take a cell that begins like this for a formula.
func formula(s string) bool {
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n', '|', '%':
		return true
	}
	return strings.HasPrefix(s, "＝") || strings.HasPrefix(s, "＋") || strings.HasPrefix(s, "－") || strings.HasPrefix(s, "＠")
}

// guardCell puts an apostrophe before what a spreadsheet might run (CL15, OWASP "CSV Injection"), and before what would
// look guarded; unguard takes exactly that back, so that a file taken out comes in again as it was.
func guardCell(s string) string {
	if s == "" || !formula(s) && !guarded(s) {
		return s
	}
	return "'" + s
}

func guarded(s string) bool {
	return len(s) > 1 && s[0] == '\'' && (s[1] == '\'' || formula(s[1:]))
}

func unguard(s string) string {
	if guarded(s) {
		return s[1:]
	}
	return s
}

// appendCell writes a cell of a CSV file with commas (RFC 4180), guarded.
func appendCell(b []byte, s string) []byte {
	if s == "" {
		return b
	}
	s = guardCell(s)
	if strings.IndexByte(s, ',') < 0 && strings.IndexByte(s, '"') < 0 && strings.IndexByte(s, '\n') < 0 && strings.IndexByte(s, '\r') < 0 && s[0] != ' ' {
		return append(b, s...)
	}
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}
