package main

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"net/http"

	"watchword/web/look"
)

//go:embed pages/*.html
var files embed.FS

// sample is one page of the gallery.
type sample struct {
	name  string
	file  string
	frame look.Frame
	data  any
}

func samples() []sample {
	return append(append(signedOutSamples(), signedInSamples()...), partSamples()...)
}

func handler() http.Handler {
	mux := http.NewServeMux()
	set := look.New()
	mux.Handle("GET /assets/", set.Assets())
	mux.HandleFunc("POST /theme", look.SetTheme)
	mux.HandleFunc("GET /captcha", captcha)
	mux.HandleFunc("GET /rail", func(w http.ResponseWriter, r *http.Request) {
		_ = set.Fragment(w, http.StatusOK, delivered())
	})
	mux.HandleFunc("POST /passkey/{ceremony}", passkeyOptions)
	mux.HandleFunc("POST /posted", posted(set.Page(files, "pages/posted.html")))
	index := set.Page(files, "pages/index.html")
	all := samples()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		var names []string
		for _, s := range all {
			names = append(names, s.name)
		}
		show(w, r, index, look.SignedOut{Title: "Gallery"}, names)
	})
	for _, s := range all {
		page := set.Page(files, "pages/"+s.file)
		mux.HandleFunc("GET /"+s.name, func(w http.ResponseWriter, r *http.Request) {
			show(w, r, page, s.frame, s.data)
		})
	}
	return mux
}

func show(w http.ResponseWriter, r *http.Request, page *look.Page, frame look.Frame, data any) {
	if err := page.Render(w, r, http.StatusOK, frame, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// posted shows what a form sent, for the tests of the scripts.
func posted(page *look.Page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		show(w, r, page, look.SignedOut{Title: "Posted"}, r.PostForm)
	}
}

// passkeyOptions answers as the sign-in does, with a challenge that nobody checks.
func passkeyOptions(w http.ResponseWriter, r *http.Request) {
	options := map[string]any{"challenge": "AAECAwQFBgcICQoLDA0ODw", "timeout": 60000, "userVerification": "preferred"}
	if r.PathValue("ceremony") == "create" {
		options["rp"] = map[string]any{"name": "Watchword", "id": "localhost"}
		options["user"] = map[string]any{"id": "UFIwMQ", "name": "maya.okafor", "displayName": "Maya Okafor"}
		options["pubKeyCredParams"] = []any{map[string]any{"type": "public-key", "alg": -7}}
		options["authenticatorSelection"] = map[string]any{"residentKey": "required"}
	} else {
		options["rpId"] = "localhost"
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"publicKey": options})
}

// captcha makes a small challenge, so that the widget can be seen at work under
// the policy. The sign-up's own is made elsewhere.
func captcha(w http.ResponseWriter, _ *http.Request) {
	const nonce, salt, cost, counter = "000102030405060708090a0b0c0d0e0f", "101112131415161718191a1b1c1d1e1f", 1000, 20
	n, _ := hex.DecodeString(nonce)
	s, _ := hex.DecodeString(salt)
	password := append(append([]byte{}, n...), 0, 0, 0, counter)
	key, err := pbkdf2.Key(sha256.New, string(password), s, cost, 32)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	parameters := map[string]any{"algorithm": "PBKDF2/SHA-256", "nonce": nonce, "salt": salt, "cost": cost, "keyLength": 32, "keyPrefix": hex.EncodeToString(key)}
	text, _ := json.Marshal(parameters)
	mac := hmac.New(sha256.New, []byte("gallery"))
	mac.Write(text)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"parameters": parameters, "signature": hex.EncodeToString(mac.Sum(nil))})
}
