package encoding

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Proves the segment limits of messaging.md part 1 (GSM-7, long messages).
func TestSplitLimits(t *testing.T) {
	wide := Options{WideRef: true}
	for _, c := range []struct {
		name  string
		text  string
		o     Options
		code  Coding
		sizes []int
	}{
		{"empty", "", Options{}, GSM7, []int{0}},
		{"160 septets alone", strings.Repeat("a", 160), Options{}, GSM7, []int{160}},
		{"161 septets", strings.Repeat("a", 161), Options{}, GSM7, []int{153, 8}},
		{"161 septets, wide reference", strings.Repeat("a", 161), wide, GSM7, []int{152, 9}},
		{"80 euros are 160 septets", strings.Repeat("€", 80), Options{}, GSM7, []int{160}},
		{"an escape pair is not cut", strings.Repeat("a", 152) + "€" + strings.Repeat("b", 20), Options{}, GSM7, []int{152, 22}},
		{"segments are not ceil(n/153)", strings.Repeat("€", 153), Options{}, GSM7, []int{152, 152, 2}},
		{"70 units alone", strings.Repeat("ж", 70), Options{}, UCS2, []int{70}},
		{"71 units", strings.Repeat("ж", 71), Options{}, UCS2, []int{67, 4}},
		{"71 units, wide reference", strings.Repeat("ж", 71), wide, UCS2, []int{66, 5}},
		{"a surrogate pair is not cut", strings.Repeat("ж", 66) + "😀" + "жжж", Options{}, UCS2, []int{66, 5}},
		{"ç is not in the alphabet, Ç is", "façade", Options{}, UCS2, []int{6}},
		{"Latin-1 still counts septets", strings.Repeat("{", 81), Options{Alphabet: Latin1}, Latin1, []int{152, 10}},
		{"Greek does not fit Latin-1", "Ω", Options{Alphabet: Latin1}, UCS2, []int{1}},
		{"the phone lacks á even when the wire has it", "á", Options{Alphabet: Latin1}, UCS2, []int{1}},
		{"UCS-2 asked for", "plain", Options{Alphabet: UCS2}, UCS2, []int{5}},
		{"whole", strings.Repeat("a", 400), Options{Whole: true}, GSM7, []int{400}},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, parts := Split(c.text, c.o)
			var sizes []int
			for _, p := range parts {
				sizes = append(sizes, p.Units)
			}
			if code != c.code || len(sizes) != len(c.sizes) {
				t.Fatalf("got %v %v, want %v %v", code, sizes, c.code, c.sizes)
			}
			for i := range sizes {
				if sizes[i] != c.sizes[i] {
					t.Fatalf("got %v, want %v", sizes, c.sizes)
				}
			}
		})
	}
}

func TestCountNamesTheCharactersThatForceUCS2(t *testing.T) {
	n := Count("“Hi” – “there” 😀", Options{})
	if n.Coding != UCS2 || string(n.Offending) != "“”–😀" || n.Segments != 1 || n.Characters != 16 || n.Units != 17 {
		t.Fatalf("got %+v (%q)", n, string(n.Offending))
	}
	if n := Count("plain €", Options{}); n.Coding != GSM7 || n.Offending != nil || n.Units != 8 {
		t.Fatalf("got %+v", n)
	}
}

// The whole table there and back, and the two codes that catch careless code: 0 is '@', 0x1B is no character.
func TestGSM7Table(t *testing.T) {
	for code, r := range defaultAlphabet {
		if code == escape {
			continue
		}
		if got, ok := GSM7.Encode(string(r)); !ok || !bytes.Equal(got, []byte{byte(code)}) {
			t.Errorf("%q: % x %v, want %#x", r, got, ok, code)
		}
	}
	for code, r := range extensionTable {
		if got, ok := GSM7.Encode(string(r)); !ok || !bytes.Equal(got, []byte{escape, code}) {
			t.Errorf("%q: % x %v", r, got, ok)
		}
	}
	for in, want := range map[string]string{
		"\x00":     "@",
		"\x1b\x65": "€",
		"\x1b\x41": "A",
		"\x1b":     " ",
		"a\x1b":    "a ",
		"\x1b\x1b": " ",
		"\x80":     "\uFFFD",
		"\x1b\x80": "\uFFFD",
	} {
		if got := GSM7.Decode([]byte(in)); got != want {
			t.Errorf("% x: %q, want %q", in, got, want)
		}
	}
	if _, ok := GSM7.Encode("`"); ok {
		t.Error("the grave accent is not in the alphabet")
	}
}

// "hellohello" in septets is the textbook case of TS 23.038 packing.
func TestPack(t *testing.T) {
	s, _ := GSM7.Encode("hellohello")
	want := []byte{0xE8, 0x32, 0x9B, 0xFD, 0x46, 0x97, 0xD9, 0xEC, 0x37}
	if got := Pack(s, 0); !bytes.Equal(got, want) {
		t.Fatalf("% X, want % X", got, want)
	}
	if n := FillBits(6); n != 1 {
		t.Fatalf("six octets of header want 1 fill bit, got %d", n)
	}
	if n := FillBits(7); n != 0 {
		t.Fatalf("seven octets of header want no fill bit, got %d", n)
	}
}

func TestPackThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fill := rapid.IntRange(0, 6).Draw(t, "fill")
		s := rapid.SliceOfN(rapid.ByteRange(0, 127), 0, 170).Draw(t, "septets")
		got := Unpack(Pack(s, fill), fill)
		// A carriage return on the last bit cannot be told from padding.
		if n := len(s); n > 0 && s[n-1] == carriageReturn && (fill+7*n)%8 == 0 {
			s = s[:n-1]
		}
		if !bytes.Equal(got, s) {
			t.Fatalf("% x, want % x", got, s)
		}
	})
}

var anyText = rapid.StringOf(rapid.OneOf(
	rapid.RuneFrom(defaultAlphabet[:]),
	rapid.RuneFrom([]rune("€[]{}^~|\\\f")),
	rapid.RuneFrom([]rune("жéç“”😀🏳\u200d漢")),
	rapid.Rune(),
))

var gsmText = rapid.StringOf(rapid.RuneFrom([]rune("abc@£ΔÄ€[]{}^~|\\\f\n\r ")))

// The parts joined are the text, every part is within its limit, decodes by itself, and Count agrees with Split.
func TestSplitProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(anyText, gsmText).Draw(t, "text")
		text = strings.Repeat(text, rapid.IntRange(1, 40).Draw(t, "times"))
		o := Options{
			Alphabet: rapid.SampledFrom([]Coding{GSM7, Latin1, ASCII, UCS2}).Draw(t, "alphabet"),
			WideRef:  rapid.Bool().Draw(t, "wide"),
		}
		checkSplit(t, text, o)
	})
}

type fataler interface{ Fatalf(string, ...any) }

func checkSplit(t fataler, text string, o Options) {
	clean := strings.ToValidUTF8(text, "\uFFFD")
	c, parts := Split(text, o)
	single, limit := o.Limits(c)
	var joined strings.Builder
	units := 0
	for i, p := range parts {
		if got := c.Decode(p.Data); got != p.Text || !utf8.ValidString(p.Text) {
			t.Fatalf("part %d decodes to %q, its text is %q", i, got, p.Text)
		}
		if len(parts) > 1 && p.Units > limit || p.Units > single || len(parts) > 1 && p.Units == 0 {
			t.Fatalf("part %d of %d holds %d units", i, len(parts), p.Units)
		}
		joined.WriteString(p.Text)
		units += p.Units
	}
	if joined.String() != clean {
		t.Fatalf("joined %q, want %q", joined.String(), clean)
	}
	n := Count(text, o)
	if n.Coding != c || n.Segments != len(parts) || n.Units != units || n.Characters != utf8.RuneCountInString(clean) {
		t.Fatalf("Count says %+v, Split made %v, %d parts, %d units", n, c, len(parts), units)
	}
	if (n.Coding == UCS2 && o.Alphabet != UCS2) != (len(n.Offending) > 0) {
		t.Fatalf("%v with offending %q", n.Coding, string(n.Offending))
	}
	o.Whole = true
	if c2, whole := Split(text, o); len(whole) != 1 || c2 != c || c.Decode(whole[0].Data) != clean {
		t.Fatalf("whole text differs")
	}
}

func TestCodingNames(t *testing.T) {
	for c := GSM7; c <= Binary; c++ {
		if got, ok := ParseCoding(c.String()); !ok || got != c {
			t.Errorf("%v comes back as %v", c, got)
		}
	}
	if _, ok := ParseCoding("utf8"); ok {
		t.Error("utf8 is no coding of a carrier")
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("hello €", uint8(0), false)
	f.Add(strings.Repeat("😀", 80), uint8(1), true)
	f.Add("\xff\xfe", uint8(2), false)
	f.Fuzz(func(t *testing.T, text string, alphabet uint8, wide bool) {
		checkSplit(t, text, Options{Alphabet: Coding(alphabet % 4), WideRef: wide})
	})
}

// Octets from strangers always give valid text, in every coding.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{escape, 0x65, escape})
	f.Add([]byte{0xD8, 0x3D, 0xDE, 0x00, 0xD8})
	f.Fuzz(func(t *testing.T, data []byte) {
		for c := GSM7; c <= Binary; c++ {
			if !utf8.ValidString(c.Decode(data)) {
				t.Fatalf("%v gives invalid text", c)
			}
		}
		Unpack(data, len(data)%7)
	})
}
