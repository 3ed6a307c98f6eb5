package operator_test

import (
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/account/factor"
	"watchword/account/operator"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
)

func actorOf(t *testing.T, k *accounttest.Kit, token string) access.Actor {
	t.Helper()
	a, _, err := k.Operators.Check(ctx, k.DB, token, who.Origin)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// addApp binds another app and gives its seed.
func addApp(t *testing.T, k *accounttest.Kit, a access.Actor) (secret string, err error) {
	t.Helper()
	s, err := k.Operators.BeginApp(ctx, k.DB, a)
	if err != nil {
		return "", err
	}
	refused, err := k.Operators.AddApp(ctx, k.DB, a, s.ID, app(s.Secret, k.DB.Now()), "")
	if refused != nil {
		t.Fatal(refused)
	}
	return s.Secret, err
}

// Proves decisions 34 and 35, C26, C27, C35, C42 and B20: an operator who lost the phone logs in by a recovery code, binds
// a new app and removes the old one, and can then do everything again; the recovery code is enough for that alone, for
// five minutes; the other sessions end, every operator is told, it is in the log, and the operator's confirmation counts
// again after 72 hours only.
func TestBindingAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		before, _, codes := setUp(t, k, "olga")
		other, _, _ := setUp(t, k, "oscar")
		for token, address := range map[string]string{before: "olga@example.com", other: "oscar@example.com"} {
			confirmed(t, k, actorOf(t, k, token), address)
		}
		ticket, refused, err := k.Operators.Login(ctx, db, who, "olga", accounttest.Password)
		if refused != nil || err != nil {
			t.Fatal(refused, err)
		}
		open, refused, err := k.Operators.LoginRecovery(ctx, db, who, ticket.Token, codes[0])
		if refused != nil || err != nil {
			t.Fatal(refused, err)
		}
		told := func(to, kind string) (n int) {
			for _, m := range k.Mails(t) {
				if m.To == to && m.Kind == kind {
					n++
				}
			}
			return n
		}
		if told("olga@example.com", "operator_recovery") != 1 || told("oscar@example.com", "operator_recovery") != 1 {
			t.Error("a recovery code was used and not all are told")
		}
		a := actorOf(t, k, open.Token)
		if _, err := k.Operators.Token(ctx, db, a); !problem.Is(err, problem.KindNeedsCode) {
			t.Fatal("a recovery code invites:", err)
		}
		if err := k.Operators.SetAddress(ctx, db, a, "thief@example.com"); !problem.Is(err, problem.KindNeedsCode) {
			t.Fatal("a recovery code moves the alerts:", err)
		}
		db.Clock().Advance(6 * time.Minute)
		if _, err := addApp(t, k, a); problem.As(err) == nil || problem.As(err).Action != operator.Renew {
			t.Fatal("after six minutes:", err)
		}
		if _, refused, err := k.Operators.ProveRecovery(ctx, db, a, open.Token, codes[0]); refused == nil || err != nil {
			t.Fatal("the same code twice:", refused, err)
		}
		proved, refused, err := k.Operators.ProveRecovery(ctx, db, a, open.Token, codes[1])
		if refused != nil || err != nil {
			t.Fatal(refused, err)
		}
		if _, _, err := k.Operators.Check(ctx, db, open.Token, who.Origin); !problem.Is(err, problem.KindSignedOut) {
			t.Error("the token before still opens:", err)
		}
		a = actorOf(t, k, proved.Token)
		own, err := k.Operators.Own(ctx, db, a)
		if err != nil || len(own.Factors) != 1 || own.Codes.Left != 8 || own.Email != "olga@example.com" {
			t.Fatalf("%+v %v", own, err)
		}
		old := own.Factors[0].ID
		if err := k.Operators.RemoveFactor(ctx, db, a, old); !problem.HasCode(err, "last_factor") {
			t.Fatal("the last one goes:", err)
		}
		secret, err := addApp(t, k, a)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := k.Operators.Check(ctx, db, before, who.Origin); !problem.Is(err, problem.KindSignedOut) {
			t.Error("the other session goes on:", err)
		}
		if told("olga@example.com", "operator_proofs") != 1 || told("oscar@example.com", "operator_proofs") != 1 {
			t.Error("a factor was added and not all are told")
		}
		if err := k.Operators.RemoveFactor(ctx, db, a, old); err != nil {
			t.Fatal(err)
		}
		var all []operator.Operator
		k.Write(t, func(tx *store.Tx) (err error) { all, err = operator.List(tx); return err })
		if all[0].Counts(db.Now()) || !all[0].Counts(db.Now()+72*3600e6) || !all[1].Counts(db.Now()) {
			t.Errorf("whose confirmation counts: %+v", all)
		}
		db.Clock().Advance(time.Minute)
		strong, refused, err := k.Operators.ProveTOTP(ctx, db, a, proved.Token, app(secret, db.Now()))
		if refused != nil || err != nil {
			t.Fatal(refused, err)
		}
		a = actorOf(t, k, strong.Token)
		if _, err := k.Operators.Token(ctx, db, a); err != nil {
			t.Error("the new app is not enough:", err)
		}
		made, err := k.Operators.NewCodes(ctx, db, a)
		if err != nil || len(made) != 10 {
			t.Fatal(made, err)
		}
		if own, err = k.Operators.Own(ctx, db, a); err != nil || own.Codes.Left != 10 || len(own.Factors) != 1 || own.Factors[0].Kind != factor.TOTP {
			t.Fatalf("%+v %v", own, err)
		}
		k.Write(t, func(tx *store.Tx) error {
			rows, err := audit.List(tx, audit.System, audit.Filter{}, 100)
			n := map[string]int{}
			for _, r := range rows {
				n[r.Kind]++
			}
			if n["operator.factor_added"] != 1 || n["operator.factor_removed"] != 1 || n["operator.codes_made"] != 1 {
				t.Errorf("in the log: %v", n)
			}
			return err
		})
		if _, err := k.Operators.NewCodes(ctx, db, access.Actor{Kind: access.KindPerson, Profile: "PRx", Session: a.Session}); !problem.Is(err, problem.KindSignedOut) {
			t.Error("a person changes an operator's:", err)
		}
	})
}

// Proves B15 and decisions 34: of two factors removed at the same moment one remains.
func TestOneFactorRemains(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		token, _, _ := setUp(t, k, "olga")
		a := actorOf(t, k, token)
		if _, err := addApp(t, k, a); err != nil {
			t.Fatal(err)
		}
		own, err := k.Operators.Own(ctx, db, a)
		if err != nil || len(own.Factors) != 2 {
			t.Fatal(own, err)
		}
		next := make(chan factor.Factor, 2)
		for _, f := range own.Factors {
			next <- f
		}
		if won := accounttest.Race(2, func() bool {
			err := k.Operators.RemoveFactor(ctx, db, a, (<-next).ID)
			if err != nil && !problem.HasCode(err, "last_factor") {
				t.Error(err)
			}
			return err == nil
		}); won != 1 {
			t.Fatal(won, "were removed")
		}
	})
}

// confirmed gives an operator an address and opens its link.
func confirmed(t *testing.T, k *accounttest.Kit, a access.Actor, address string) {
	t.Helper()
	if err := k.Operators.SetAddress(ctx, k.DB, a, address); err != nil {
		t.Fatal(err)
	}
	if err := k.Operators.ConfirmAddress(ctx, k.DB, who, k.Newest(t, address).Token(t)); err != nil {
		t.Fatal(err)
	}
}

// Proves C34, C51, B15 and C35: an address that an operator types gets nothing but a link, and counts once that was used,
// exactly once; a newer link ends the one before; the former address is told; a removed operator's link opens nothing.
func TestAddressIsConfirmed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		ticket, err := k.Operators.Create(ctx, db, who, operator.Form{Token: token(t, k), Username: "olga", Password: accounttest.Password, Email: "typo@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		_, s, err := k.Operators.Setup(ctx, db, ticket.Token)
		if err != nil {
			t.Fatal(err)
		}
		made, _, refused, err := k.Operators.FinishTOTP(ctx, db, who, ticket.Token, app(s.Secret, db.Now()))
		if refused != nil || err != nil {
			t.Fatal(refused, err)
		}
		a := actorOf(t, k, made.Token)
		own := func() operator.Own {
			t.Helper()
			o, err := k.Operators.Own(ctx, db, a)
			if err != nil {
				t.Fatal(err)
			}
			return o
		}
		if o := own(); o.Email != "" || o.Waiting != "typo@example.com" {
			t.Fatalf("%+v", o)
		}
		first := k.Newest(t, "typo@example.com").Token(t)
		if err := k.Operators.SetAddress(ctx, db, a, "olga@example.com"); err != nil {
			t.Fatal(err)
		}
		if err := k.Operators.ConfirmAddress(ctx, db, who, first); !problem.HasCode(err, "link_replaced") {
			t.Error("the link before:", err)
		}
		link := k.Newest(t, "olga@example.com").Token(t)
		for range 3 {
			if masked, err := k.Operators.LookAddress(ctx, db, link); err != nil || masked != "o•••@example.com" {
				t.Fatal(masked, err)
			}
		}
		if won := accounttest.Race(20, func() bool { return k.Operators.ConfirmAddress(ctx, db, who, link) == nil }); won != 1 {
			t.Fatal(won, "uses of one link")
		}
		if o := own(); o.Email != "olga@example.com" || o.Waiting != "" {
			t.Fatalf("%+v", o)
		}
		confirmed(t, k, a, "new@example.com")
		if m := k.Newest(t, "olga@example.com"); m.Kind != "operator_proofs" {
			t.Error("the former address was not told:", m.Kind)
		}
		if err := k.Operators.SetAddress(ctx, db, a, "not an address"); !problem.Is(err, problem.KindInvalid) {
			t.Error(err)
		}
		for range 10 {
			err = k.Operators.SetAddress(ctx, db, a, "flood@example.com")
		}
		if !problem.Is(err, problem.KindTooMany) {
			t.Error("a flood of links:", err)
		}
		if err := k.Operators.SetAddress(ctx, db, a, ""); err != nil || own().Email != "" || own().Waiting != "" {
			t.Errorf("%+v %v", own(), err)
		}
		db.Clock().Advance(6 * time.Minute)
		if err := k.Operators.SetAddress(ctx, db, a, "olga@example.com"); !problem.Is(err, problem.KindNeedsCode) {
			t.Error("without a fresh proof:", err)
		}
	})
}
