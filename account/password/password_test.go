package password_test

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"watchword/account/password"
	"watchword/base/problem"
	"watchword/base/secret"
)

var ctx = context.Background()

func code(p *problem.Field) string {
	if p == nil {
		return ""
	}
	return strings.TrimPrefix(p.Code, "password_")
}

// Proves RP4, C1 (15, and never below 8), C2 (code points, 64 and more, spaces, emoji), C3 (no composition rules), C5,
// decisions 14 (listed, listed or own word plus digits, repeats, keyboard runs, leet of those).
func TestPolicy(t *testing.T) {
	p := password.Policy{Words: []string{"Watchword"}}
	own := []string{"ana.martins", "Ana.Martins@northwind.example", "Northwind Traders"}
	for _, c := range []struct{ pw, want string }{
		{"plover sandbank tremolo", ""}, {"correct horse battery staple", ""}, {"wgkqzhvtplmxrbd", ""}, {"483920184756203", ""},
		{"🦊🌋🎻🧭🪁🥝🐙🚲🧲🪵🎯🧊🦚🌵🥁", ""}, {strings.Repeat("plover sandbank ", 64), ""}, {"ünïcödé wörter häufen", ""},
		{"", "missing"}, {"plover sandban", "too_short"}, {"🦊🌋🎻🧭🪁🥝🐙🚲🧲🪵🎯🧊🦚🌵", "too_short"},
		{strings.Repeat("ab c", 257), "too_long"}, {strings.Repeat("x", 1<<20), "too_long"}, {"plover\x00sandbank tremolo", "characters"}, {"plover sandbank \xff\xfe", "characters"},
		{"password12345678", "common"}, {"Password!2024!!!!", "common"}, {"P4ssw0rd12345678", "common"}, {"p@$$w0rd!!!!!!!!!", "common"}, {"2024sunshine2024", "common"},
		{"northwind2026!!!!", "own_word"}, {"NorthwindTraders1", "own_word"}, {"ana.martins2026!", "own_word"}, {"4n4m4rt1ns123456", "own_word"}, {"watchword1234567", "own_word"}, {"W4tchw0rd1234567", "own_word"},
		{"ana ana ana ana ana", "own_word"}, {"martins martins 2024", "own_word"}, {"Northwind, Ana, Traders", "own_word"}, {"iloveyou iloveyou1", "common"}, {"i love you i love you", "common"},
		{"ana plover sandbank", ""}, {"sunshine plover tremolo", ""},
		{"aaaaaaaaaaaaaaaa", "repeats"}, {"abcabcabcabcabcabc", "repeats"}, {"xq7xq7xq7xq7xq7", "repeats"},
		{"passwordpassword", "common"}, {"qwertyuiopasdfgh", "run"}, {"123456789012345", "run"}, {"abcdefghijklmnop", "run"}, {"zyxwvutsrqponmlk", "run"}, {"1qaz2wsx3edc4rfv", "common"}, {"3edc4rfv5tgb6yhn", "run"}, {"poiuytrewq098765", "run"},
	} {
		if got := code(p.Check(c.pw, own...)); got != c.want {
			t.Errorf("%.40q: %q, want %q", c.pw, got, c.want)
		}
	}
	for min, pw := range map[int]string{8: "kv7#tq2m", 3: "kv7#tq2m"} {
		if f := (password.Policy{Min: min}).Check(pw); f != nil {
			t.Error(f)
		}
		if got := code((password.Policy{Min: min}).Check(pw[:7])); got != "too_short" {
			t.Error(min, got)
		}
	}
}

func hasher(ring *secret.Ring, memory uint32) *password.Hasher {
	return password.NewHasher(ring, password.Settings{Memory: memory, Passes: 1})
}

// Proves C2 (NFC before hashing), C4 (the whole password as typed), C8 (rehash when raised), C9 (the key is outside the
// text; other rings never verify).
func TestHash(t *testing.T) {
	ring := secret.NewRing()
	h := hasher(ring, 64)
	long := strings.Repeat("x", 200)
	phc, err := h.Hash(ctx, "Péché "+long)
	if err != nil || !strings.HasPrefix(phc, "$argon2id$v=19$m=64,t=1,p=1,keyid="+ring.CurrentID()+"$") {
		t.Fatal(phc, err)
	}
	verify := func(h *password.Hasher, pw string) (bool, bool) {
		ok, stale, err := h.Verify(ctx, pw, phc)
		if err != nil {
			t.Fatal(err)
		}
		return ok, stale
	}
	if ok, stale := verify(h, norm.NFD.String("Péché ")+long); !ok || stale {
		t.Error("the same text in NFD does not verify")
	}
	for _, wrong := range []string{"péché " + long, "Péché " + long[:199], "Péché " + long[:72] + "y" + long[73:], "", "Péché " + long + " ", strings.Repeat("x", 1<<20)} {
		if ok, _ := verify(h, wrong); ok {
			t.Errorf("%.20q verifies", wrong)
		}
	}
	if ok, stale := verify(hasher(ring, 128), "Péché "+long); !ok || !stale {
		t.Error("a raised cost must ask for a new hash")
	}
	if _, _, err := hasher(secret.NewRing(), 64).Verify(ctx, "Péché "+long, phc); err == nil {
		t.Error("another key ring must not be able to check")
	}
}

// Proves C11, B8: nobody's password is never right and costs as much memory and passes as anybody's.
func TestNobody(t *testing.T) {
	h := hasher(secret.NewRing(), 64)
	for _, pw := range []string{"", "plover sandbank tremolo", "\x00"} {
		if ok, stale, err := h.Verify(ctx, pw, ""); ok || stale || err != nil {
			t.Errorf("%q: %v %v %v", pw, ok, stale, err)
		}
	}
	if got := testing.AllocsPerRun(3, func() { h.Verify(ctx, "plover sandbank tremolo", "") }); got < 1 {
		t.Error("no work was done")
	}
}

// Proves C10: hashes at once are bounded, waiting is bounded, and the answer beyond is "too many", never a crowd of
// hashes.
func TestCrowd(t *testing.T) {
	h := password.NewHasher(secret.NewRing(), password.Settings{Memory: 8192, Passes: 2, Slots: 1, Queue: 4, Wait: time.Minute})
	var mu sync.Mutex
	count := map[string]int{}
	var wg sync.WaitGroup
	start := make(chan struct{})
	for range 60 {
		wg.Go(func() {
			<-start
			_, err := h.Hash(ctx, "plover sandbank tremolo")
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				count["done"]++
			case problem.Is(err, problem.KindTooMany) && problem.As(err).RetryAfter > 0:
				count["refused"]++
			default:
				t.Error(err)
			}
		})
	}
	close(start)
	wg.Wait()
	if count["done"] < 5 || count["refused"] == 0 {
		t.Fatal(count)
	}
	full := password.NewHasher(secret.NewRing(), password.Settings{Memory: 64 * 1024, Passes: 8, Slots: 1, Queue: 4, Wait: time.Minute})
	go full.Hash(ctx, "the one slot")
	gone, cancel := context.WithCancel(ctx)
	cancel()
	for range 1000 { // until the slot is taken, a cancelled hash still finds it free
		if _, err := full.Hash(gone, "x"); problem.Is(err, problem.KindUnavailable) {
			return
		}
	}
	t.Fatal("a cancelled context was never noticed")
}

// Proves C5 and decisions 14: an imported list refuses, in both forms lists come in.
func TestImportedList(t *testing.T) {
	dir := t.TempDir()
	listed := []string{"plover sandbank tremolo", "péché mignon du soir", "x"}
	var hashes []string
	for _, p := range listed {
		h := sha1.Sum([]byte(p))
		hashes = append(hashes, strings.ToUpper(hex.EncodeToString(h[:]))+":12\r")
	}
	sort.Strings(hashes)
	for name, text := range map[string]string{"plain": strings.Join(listed, "\n") + "\nx\n", "hashed": strings.Join(hashes, "\n")} {
		path := filepath.Join(dir, name)
		if in, err := password.Import(strings.NewReader(text), path); err != nil || in.Passwords != 3 {
			t.Fatal(name, in, err)
		}
		b, err := password.OpenBreached(path)
		if err != nil {
			t.Fatal(err)
		}
		p := password.Policy{Breached: b}
		for _, pw := range listed[:2] {
			if got := code(p.Check(pw)); got != "breached" {
				t.Errorf("%s %q: %q", name, pw, got)
			}
		}
		if f := p.Check("plover sandbank tremolo 2"); f != nil {
			t.Error(name, f)
		}
		b.Close()
	}
	disordered := []string{hashes[1], hashes[0], hashes[2]}
	if _, err := password.Import(strings.NewReader(strings.Join(disordered, "\n")), filepath.Join(dir, "bad")); err == nil {
		t.Error("a disordered list of hashes was taken")
	}
	if _, err := os.Stat(filepath.Join(dir, "bad")); err == nil {
		t.Error("half a list was left behind")
	}
	os.WriteFile(filepath.Join(dir, "no"), []byte("something else"), 0o600)
	if _, err := password.OpenBreached(filepath.Join(dir, "no")); err == nil {
		t.Error("any file was taken for a list")
	}
}

// Proves C5: what is no list of passwords is refused with the line and the reason, and a list that holds stays.
func TestRefusedLists(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list")
	if _, err := password.Import(strings.NewReader("plover sandbank tremolo\n123456\nletmein\n"), path); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	sha := strings.Repeat("0123456789", 4)
	for text, says := range map[string]string{
		"":                                "the list is empty",
		"\n\n":                            "all its lines are empty",
		"\x1f\x8b\x08\x00\n\xff\xfe\n":    "line 1 is not UTF-8",
		"PK\x03\x04\n":                    "line 1 holds control characters",
		strings.Repeat("ab", 16) + ":7\n": "line 1 is a hash, but no SHA-1",
		"<!DOCTYPE html>\n<html>\n":       "line 1 is part of a web page",
		strings.Repeat("x", 1025):         "line 1 is longer than 1024 characters",
		strings.Repeat("x", 70_000):       "line 1 is longer than 64 kB",
		sha + "\nletmein\n":               "line 2 is no SHA-1",
		sha + "\n" + strings.Repeat("0", 40) + "\n":      "line 2 is smaller than the one before",
		"This is a text.\nIt has lines of words.\nEnd\n": "2 of 3 lines hold spaces",
	} {
		if _, err := password.Import(strings.NewReader(text), path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.40q: %v, should say %q", text, err, says)
		}
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(after, before) {
		t.Error("a refused list took the place of one that holds")
	}
	in, err := password.Import(strings.NewReader("letmein\nca\xf1on\n123456\n"), path)
	if err != nil || in.Passwords != 2 || in.LeftOut != 1 || in.First != "line 2 is not UTF-8" {
		t.Errorf("%+v %v", in, err)
	}
}

// Whatever is typed, the check ends with an answer, and trimming it to nothing never panics (RP4, "bad input").
func TestPolicyTakesAnything(t *testing.T) {
	p := password.Policy{Words: []string{"Watchword"}}
	rapid.Check(t, func(t *rapid.T) {
		pw := rapid.String().Draw(t, "password")
		f := p.Check(pw, rapid.String().Draw(t, "own"))
		if f == nil && (!utf8.ValidString(pw) || password.Count(pw) < 15 || password.Count(pw) > password.Max) {
			t.Fatalf("%q accepted", pw)
		}
	})
}

func FuzzStoredHash(f *testing.F) {
	h := hasher(secret.NewRing(), 8)
	phc, _ := h.Hash(ctx, "x")
	f.Add(phc)
	f.Add("$argon2id$v=19$m=8,t=1,p=1,keyid=00000000$AAAAAAAAAAA$")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 0 && strings.Contains(s, "m=8,t=1,") {
			h.Verify(ctx, "y", s)
		}
	})
}

func FuzzImport(f *testing.F) {
	f.Add([]byte("a\nb\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "list")
		in, err := password.Import(bytes.NewReader(b), path)
		if err != nil {
			return
		}
		l, err := password.OpenBreached(path)
		if err != nil || l.Len() != in.Passwords {
			t.Fatal(fmt.Sprint(in, err))
		}
		l.Close()
	})
}

func BenchmarkHash(b *testing.B) {
	h := password.NewHasher(secret.NewRing(), password.Settings{})
	for b.Loop() {
		if _, err := h.Hash(ctx, "plover sandbank tremolo"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPolicy(b *testing.B) {
	p := password.Policy{Words: []string{"Watchword"}}
	for b.Loop() {
		p.Check("plover sandbank tremolo", "ana", "ana@example.com")
	}
}
