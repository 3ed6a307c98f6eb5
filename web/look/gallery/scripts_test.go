package main

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// acting drives one page of the gallery.
type acting struct {
	t    *testing.T
	ctx  context.Context
	base string
}

func (a acting) do(steps ...chromedp.Action[chromedp.Void]) {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(a.ctx, 60*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		a.t.Fatal(err)
	}
}

func (a acting) open(name string) { a.t.Helper(); a.do(chromedp.Navigate(a.base + "/" + name)) }

// until waits for a condition in the page, also across a navigation, which
// ends the asking of the page before.
func (a acting) until(condition string) {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(a.ctx, 60*time.Second)
	defer cancel()
	for {
		_, err := chromedp.Run(ctx, chromedp.Poll[bool](condition))
		if err == nil {
			return
		}
		if ctx.Err() != nil || !strings.Contains(err.Error(), "navigated") && !strings.Contains(err.Error(), "context with specified id") {
			a.t.Fatalf("%s: %v", condition, err)
		}
	}
}

func (a acting) picture(name string) {
	dir := os.Getenv("WATCHWORD_PICTURES")
	if dir == "" {
		return
	}
	shot, err := chromedp.Run(a.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		a.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "act-"+name+".png"), shot, 0o600); err != nil {
		a.t.Fatal(err)
	}
}

// The scripts do what they promise, in a real browser under the policy: the
// code sends itself (LF8), the rail follows its delivery (LF9), a button waits,
// a password shows itself, the strength is told (RP4), the proof of work is
// done without another party (RP6), the colours stay, windows open, passkeys
// are made and used.
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: starts Chromium")
	}
	ctx := browser(t)
	server := httptest.NewServer(handler())
	defer server.Close()
	// Passkeys refuse an IP address.
	a := acting{t, ctx, strings.Replace(server.URL, "127.0.0.1", "localhost", 1)}
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watch}); err != nil {
		t.Fatal(err)
	}
	run := func(name string, f func(a acting)) {
		t.Run(name, func(t *testing.T) {
			a := a
			a.t = t
			a.do(chromedp.EmulateViewport(1280, 900, chromedp.EmulateScale(1.5)))
			f(a)
			wrong, err := chromedp.Run(a.ctx, chromedp.Evaluate[[]string](`window.__wrong`))
			if err != nil || len(wrong) > 0 {
				t.Errorf("%v %v", wrong, err)
			}
		})
	}
	run("code", codeSendsItself)
	run("delivery", func(a acting) {
		a.open("code-sent")
		a.until(`document.querySelector("[data-wait] .btn-label").textContent.startsWith("Send a new code in 0:2") && document.querySelector("[data-wait]").getAttribute("aria-disabled") === "true"`)
		a.until(`document.querySelectorAll(".rail-done").length === 3 && !document.querySelector("[data-poll]") && document.querySelector(".rail-words").textContent.includes("arrived")`)
	})
	run("double press", func(a acting) {
		a.open("register")
		// Heard after our own listener; kept here, so that the page stays to be looked at.
		a.do(chromedp.Evaluate[chromedp.Void](`window.refused = []; addEventListener("submit", e => { refused.push(e.defaultPrevented); e.preventDefault(); });
			const button = document.querySelector(".btn-full"); window.wide = button.offsetWidth; button.click(); button.click();`))
		a.until(`refused.join() === "false,true"`)
		a.until(`(b => b.getAttribute("aria-busy") === "true" && b.textContent.trim() === "Registering" && b.offsetWidth === wide)(document.querySelector(".btn-full"))`)
		a.picture("busy")
	})
	run("password", func(a acting) {
		a.open("register")
		a.do(chromedp.SendKeys("#password", "maya okafor correct horse"))
		a.until(`document.querySelectorAll(".rules .met").length === 1 && document.querySelector(".strength b").textContent === "Fair"`)
		a.do(chromedp.Click("[data-show]"))
		a.until(`document.getElementById("password").type === "text" && document.querySelector("[data-show]").textContent === "Hide"`)
		a.picture("password")
	})
	run("captcha", func(a acting) {
		a.open("register-captcha")
		a.until(`document.querySelector("input[name=altcha]")?.value.length > 20`)
		a.picture("captcha")
	})
	run("theme", func(a acting) {
		a.open("users")
		a.do(chromedp.Click(".person > summary"), chromedp.Click(".themes [value=dark]"))
		a.until(`document.documentElement.dataset.theme === "dark" && document.cookie.includes("watchword_theme=dark")`)
		a.picture("person")
		a.open("users")
		a.until(`document.documentElement.dataset.theme === "dark"`)
		a.do(chromedp.Click(".top .switch > summary"))
		a.picture("switcher")
		a.do(chromedp.Click(".person > summary"), chromedp.Click(".themes [value='']"))
		a.until(`!document.documentElement.dataset.theme && !document.cookie.includes("theme")`)
	})
	run("search", func(a acting) {
		a.open("audit")
		a.do(chromedp.SendKeys("#q", "code"))
		a.until(`location.search === "?q=code&act=" || location.search === "?q=code"`)
		a.until(`document.querySelectorAll("#audit table").length === 1 && document.getElementById("q").value === "code"`)
	})
	run("window", func(a acting) {
		a.open("profile")
		a.do(chromedp.Click("[data-opens]"))
		a.until(`document.getElementById("close").open`)
		a.picture("window")
		a.do(chromedp.Click("[data-does=close]"))
		a.until(`!document.getElementById("close").open`)
	})
	run("menu", phoneMenu)
	run("passkey", passkeys)
}

func codeSendsItself(a acting) {
	a.open("code-failed")
	a.do(chromedp.SendKeys("#code", "493"))
	a.until(`document.getElementById("code").dataset.typed === "3"`)
	a.picture("code")
	a.do(chromedp.SendKeys("#code", " 017"))
	a.until(`location.pathname === "/posted" && document.getElementById("posted")?.textContent.includes("code493017")`)
}

func phoneMenu(a acting) {
	a.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateScale(2), chromedp.EmulateMobile, chromedp.EmulateTouch))
	shown := `getComputedStyle(document.getElementById("menu")).display === "flex"`
	a.open("users")
	a.do(chromedp.Click("[data-menu]"))
	a.until(shown + ` && document.activeElement.matches("[data-menu-close]") && document.querySelector(".sheet").inert`)
	a.picture("menu")
	a.do(chromedp.Click(".side-head [data-menu-close]"))
	a.until(`!(` + shown + `) && document.activeElement.matches("[data-menu]") && location.hash === ""`)

	// The same by its address, without JavaScript.
	off := func(yes bool) {
		if _, err := chromedp.Call(a.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: yes}); err != nil {
			a.t.Fatal(err)
		}
	}
	off(true)
	defer off(false)
	a.open("users")
	a.do(chromedp.Click("[data-menu]"), chromedp.WaitVisible("#menu"))
	a.picture("menu-plain")
	a.do(chromedp.Click(".side-head [data-menu-close]"))
	off(false)
	a.until(`!(` + shown + `)`)
	off(true)
	a.open("register")
	a.picture("register-plain")
	off(false)
	a.until(`[...document.querySelectorAll(".js-only")].every(e => getComputedStyle(e).display === "none")`)
	a.open("users")
}

func passkeys(a acting) {
	if _, err := chromedp.Call(a.ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		a.t.Fatal(err)
	}
	if _, err := chromedp.Call(a.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: "ctap2", Transport: "internal", HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}}); err != nil {
		a.t.Fatal(err)
	}
	a.open("passkey-create")
	a.do(chromedp.Click(".passkey .btn"))
	a.until(`location.pathname === "/posted" && document.getElementById("posted")?.textContent.includes("attestationObject")`)
	a.open("passkey-get")
	a.do(chromedp.Click(".passkey .btn"))
	a.until(`location.pathname === "/posted" && document.getElementById("posted")?.textContent.includes("signature")`)
}
