package password

import "strings"

// rows are the sequences that fingers and heads follow without thinking.
var rows = []string{
	"abcdefghijklmnopqrstuvwxyz", "01234567890", "`1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./",
	"qwertzuiopü+", "asdfghjklöä#", "yxcvbnm,.-", "azertyuiop^$", "qsdfghjklmù", "wxcvbn,;:!",
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "1q2w3e4r5t6y7u8i9o0p", "!@#$%^&*()_+",
}

// rest counts what is left of a text when every run of three or more (up or down a row, or one character again and
// again) counts as one character: the length in which it is hard to guess.
func rest(s string) int {
	r := []rune(s)
	n := 0
	for i := 0; i < len(r); n++ {
		i += run(r[i:])
	}
	return n
}

// run is the length of the run at the beginning, 1 when there is none of three.
func run(r []rune) int {
	best := 1
	for best < len(r) && r[best] == r[0] {
		best++
	}
	for _, row := range rows {
		for _, line := range []string{row, backwards(row)} {
			k := 2
			for k <= len(r) && strings.Contains(line, string(r[:k])) {
				k++
			}
			best = max(best, k-1)
		}
	}
	if best < 3 {
		return 1
	}
	return best
}

func backwards(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}
