package config

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Sample is the documented sample file.
//
//go:embed watchword.example.toml
var Sample string

// Mistake is one thing that is wrong in a configuration.
type Mistake struct {
	Key   string // "mail.host", or the name of an environment variable
	Line  int    // 0 when the key is not in the file
	Wrong string
	Right string
}

// Mistakes are all that is wrong, in the order of the file.
type Mistakes struct {
	File string
	List []Mistake
}

func (m *Mistakes) Error() string {
	lines := make([]string, len(m.List))
	for i, x := range m.List {
		where := m.File
		if strings.HasPrefix(x.Key, envPrefix) {
			where = "environment"
		} else if x.Line > 0 {
			where = fmt.Sprintf("%s:%d", m.File, x.Line)
		}
		if x.Key != "" {
			where += " " + x.Key
		}
		lines[i] = where + ": " + x.Wrong + "; " + x.Right
		if x.Key == "" && x.Line == 0 { // the whole file, which the words name
			lines[i] = x.Wrong + "; " + x.Right
		}
	}
	return strings.Join(lines, "\n")
}

// Load reads and checks a file over the defaults, then the environment over the file. Every error is *Mistakes.
func Load(path string) (*Config, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		m := Mistake{Wrong: "there is no configuration at " + path, Right: "\"watchword config\" prints a sample to begin with"}
		if !errors.Is(err, os.ErrNotExist) {
			m = Mistake{Wrong: "the configuration at " + path + " cannot be read (" + reason(err) + ")", Right: "name a file that this user may read"}
		}
		return nil, &Mistakes{path, []Mistake{m}}
	}
	return parse(path, string(b), os.Environ())
}

func parse(path, text string, environ []string) (*Config, error) {
	c := Default()
	c.Path = path
	var tree map[string]any
	if _, err := toml.Decode(text, &tree); err != nil {
		var p toml.ParseError
		if errors.As(err, &p) {
			return nil, &Mistakes{path, []Mistake{{p.LastKey, p.Position.Line, p.Message, "see https://toml.io for how a file is written"}}}
		}
		return nil, &Mistakes{path, []Mistake{{"", 0, path + ": " + err.Error(), "see https://toml.io for how a file is written"}}}
	}
	c.lines = linesOf(text)
	list := append(fill(c, tree), overlay(c, environ)...)
	list = append(list, c.check(list)...)
	if len(list) == 0 {
		return c, nil
	}
	for i := range list {
		list[i].Line = lineOf(c.lines, list[i].Key)
	}
	slices.SortStableFunc(list, func(a, b Mistake) int { return order(a) - order(b) })
	return nil, &Mistakes{path, list}
}

// Mistake is an error about a key that shows only when what it names is used: a key ring, a certificate.
func (c *Config) Mistake(key, wrong, right string) error {
	return &Mistakes{c.Path, []Mistake{{key, lineOf(c.lines, key), wrong, right}}}
}

// order puts what has no line (it is missing) after what has.
func order(m Mistake) int {
	if m.Line == 0 {
		return 1 << 30
	}
	return m.Line
}

// lineOf is the line of the key, or of the table it is missing in.
func lineOf(at map[string]int, key string) int {
	for key != "" {
		if n, ok := at[key]; ok {
			return n
		}
		i := strings.LastIndexAny(key, ".[")
		if i < 0 {
			return 0
		}
		key = key[:i]
	}
	return 0
}

// Check says what is wrong with a configuration that was put together in the program; nil when nothing is.
func (c *Config) Check() error {
	if list := c.check(nil); len(list) > 0 {
		return &Mistakes{c.Path, list}
	}
	return nil
}
