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
		key := x.Key
		if key != "" {
			key = " " + key
		}
		lines[i] = fmt.Sprintf("%s%s: %s; %s", where, key, x.Wrong, x.Right)
	}
	return strings.Join(lines, "\n")
}

// Load reads and checks a file over the defaults, then the environment over the file. The error is *Mistakes when
// the file was read but is wrong.
func Load(path string) (*Config, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("there is no configuration at %s; \"watchword config\" prints a sample to begin with", path)
		}
		return nil, fmt.Errorf("the configuration cannot be read: %w", err)
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
		return nil, &Mistakes{path, []Mistake{{"", 0, err.Error(), "see https://toml.io for how a file is written"}}}
	}
	list := append(fill(c, tree), overlay(c, environ)...)
	list = append(list, c.check(list)...)
	if len(list) == 0 {
		return c, nil
	}
	at := linesOf(text)
	for i := range list {
		list[i].Line = lineOf(at, list[i].Key)
	}
	slices.SortStableFunc(list, func(a, b Mistake) int { return order(a) - order(b) })
	return nil, &Mistakes{path, list}
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
