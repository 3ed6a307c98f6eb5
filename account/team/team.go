// Package team is what owners do to the people of an organisation, and what people do to their own membership. Each
// operation is the organisation's, with everybody told in the same transaction.
package team

import (
	"context"
	"slices"

	"watchword/account/factor"
	"watchword/account/notice"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/grant"
	"watchword/code/wording"
	"watchword/organisation"
)

// Room is put together once, at the start.
type Room struct {
	Organisations *organisation.Rooms
	Factors       *factor.Room
	Post          *notice.Post
}

// TransferDigest is what a proof for handing ownership to a person, making somebody an owner, or stepping down (with the
// actor's own profile) is bound to.
func TransferDigest(org id.Organisation, to id.Profile) string { return string(org) + " " + string(to) }

// SetMember changes the method that is accepted of a member and what the member may do (OU7, OU8).
func (r *Room) SetMember(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, p id.Profile, f organisation.MemberForm) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		m, changed, err := r.Organisations.SetMember(tx, who, org, p, f)
		if err != nil || !changed {
			return err
		}
		return r.tell(tx, who, org, wording.MethodChanged, wording.Params{Member: m.Called(), Detail: string(m.Method)}, m)
	})
}

// Disable switches a membership off at once (OU9).
func (r *Room) Disable(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, p id.Profile) error {
	return r.about(ctx, db, who, org, p, wording.MemberDisabled, r.Organisations.Disable)
}

// Enable switches it on again.
func (r *Room) Enable(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, p id.Profile) error {
	return r.about(ctx, db, who, org, p, wording.MemberEnabled, r.Organisations.Enable)
}

// Remove ends a membership at once (OU8); owners are told too.
func (r *Room) Remove(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, p id.Profile) error {
	return r.about(ctx, db, who, org, p, wording.MemberRemoved, r.Organisations.Remove)
}

type change func(tx *store.Tx, who access.Actor, org id.Organisation, p id.Profile) (organisation.Member, error)

func (r *Room) about(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, p id.Profile, n wording.Notice, do change) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		m, err := do(tx, who, org, p)
		if err != nil {
			return err
		}
		owners, err := organisation.OwnersOf(tx, org)
		if err != nil {
			return err
		}
		return r.tell(tx, who, org, n, wording.Params{Member: m.Called()}, append(owners, m)...)
	})
}

// EndDevices ends the trust in the devices of one member, or of everybody when p is empty (TD6).
func (r *Room) EndDevices(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, p id.Profile) error {
	var ended []organisation.Member
	var name string
	err := db.Write(ctx, func(tx *store.Tx) error {
		o, err := organisation.ByID(tx, org)
		if err != nil {
			return err
		}
		name = o.Name
		ended, err = r.Organisations.EndDevices(tx, who, org, p)
		return err
	})
	if err != nil {
		return err
	}
	return r.tellMany(ctx, db, ended, func(tx *store.Tx, some []organisation.Member) error {
		return r.tellOf(tx, who, name, wording.DevicesEnded, wording.Params{}, some...)
	})
}

// Leave ends the actor's own membership (OU14).
func (r *Room) Leave(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) error {
	return r.about(ctx, db, who, org, who.Profile, wording.MemberRemoved, func(tx *store.Tx, who access.Actor, org id.Organisation, _ id.Profile) (organisation.Member, error) {
		return r.Organisations.Leave(tx, who, org)
	})
}

// Delete ends the organisation for everybody (OU13): all who belonged to it are told.
func (r *Room) Delete(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) error {
	var all []organisation.Member
	var name string
	err := db.Write(ctx, func(tx *store.Tx) error {
		o, err := organisation.ByID(tx, org)
		if err != nil {
			return err
		}
		name = o.Name
		all, err = r.Organisations.Delete(tx, who, org)
		return err
	})
	if err != nil {
		return err
	}
	return r.tellMany(ctx, db, all, func(tx *store.Tx, some []organisation.Member) error {
		for _, m := range some {
			if err := r.Organisations.Log.Record(tx, who, audit.Event{Kind: "organisation.deleted", Target: string(org), Detail: map[string]string{"name": name}},
				string(m.Profile)); err != nil {
				return err
			}
		}
		return r.tellOf(tx, who, name, wording.OrganisationDeleted, wording.Params{}, some...)
	})
}

// atOnce is how many people are told in one transaction, so that an organisation of thousands holds nobody up.
const atOnce = 20

// tellMany goes through members after what they are told of is durable. It goes on when the request ends.
func (r *Room) tellMany(ctx context.Context, db *store.DB, all []organisation.Member, f func(tx *store.Tx, some []organisation.Member) error) error {
	for some := range slices.Chunk(all, atOnce) {
		if err := db.WriteBulk(context.WithoutCancel(ctx), func(tx *store.Tx) error { return f(tx, some) }); err != nil {
			return err
		}
	}
	return nil
}

// Transfer hands ownership to a member: the member becomes an owner, the actor a member with all permissions (OU3).
// Password and code are asked for exactly this person; both are told. While a second factor is required, the new owner
// must have a proved mobile number (LF4).
func (r *Room) Transfer(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, to id.Profile) error {
	return r.own(ctx, db, who, org, to, wording.OwnershipTransferred, "", func(tx *store.Tx) error {
		if to == who.Profile {
			return problem.AtField("to", "transfer_self", "Choose somebody else: you own the organisation already.")
		}
		m, err := organisation.MemberOf(tx, org, to)
		if err != nil {
			return err
		}
		if m.Role == organisation.Owner {
			return problem.Conflict("already_owner", m.Called()+" is an owner already. To give up your own part, step down.")
		}
		if err := r.Organisations.SetRole(tx, who, org, to, organisation.Owner); err != nil {
			return err
		}
		return r.Organisations.SetRole(tx, who, org, who.Profile, organisation.FullMember)
	})
}

// MakeOwner makes a member an owner beside the others (decisions 23).
func (r *Room) MakeOwner(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, p id.Profile) error {
	return r.own(ctx, db, who, org, p, wording.RoleChanged, organisation.Owner, func(tx *store.Tx) error {
		return r.Organisations.SetRole(tx, who, org, p, organisation.Owner)
	})
}

// StepDown makes the actor a member with all permissions; another owner must remain (OU2, C50).
func (r *Room) StepDown(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) error {
	return r.own(ctx, db, who, org, who.Profile, wording.RoleChanged, organisation.FullMember, func(tx *store.Tx) error {
		return r.Organisations.SetRole(tx, who, org, who.Profile, organisation.FullMember)
	})
}

// own changes who owns an organisation, with a full proof for exactly this person.
func (r *Room) own(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, p id.Profile, n wording.Notice, role organisation.Role,
	do func(tx *store.Tx) error) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		me, err := organisation.Own(tx, who, org)
		if err != nil {
			return err
		}
		m, err := organisation.MemberOf(tx, org, p)
		if err != nil {
			return err
		}
		if p != who.Profile && me.Demand.Policy.Required {
			if _, ok, err := r.Factors.Number(tx, p); err != nil || !ok {
				if err == nil {
					err = problem.Conflict("owner_number", m.Called()+" has no proved mobile number yet. An owner needs one here: ask for it first.")
				}
				return err
			}
		}
		before, err := organisation.OwnersOf(tx, org)
		if err != nil {
			return err
		}
		if err := do(tx); err != nil {
			return err
		}
		// Last, so that whoever cannot do it anyway is told so before any code is sent.
		if err := grant.Must(tx, who, organisation.Transfers, TransferDigest(org, p)); err != nil {
			return err
		}
		return r.tell(tx, who, org, n, wording.Params{Member: m.Called(), Detail: string(role)}, append(before, m)...)
	})
}

// tell sends a notice to members, each once; to those who are gone as well.
func (r *Room) tell(tx *store.Tx, who access.Actor, org id.Organisation, n wording.Notice, x wording.Params, to ...organisation.Member) error {
	o, err := organisation.ByID(tx, org)
	if err != nil {
		return err
	}
	return r.tellOf(tx, who, o.Name, n, x, to...)
}

func (r *Room) tellOf(tx *store.Tx, who access.Actor, name string, n wording.Notice, x wording.Params, to ...organisation.Member) error {
	by, err := profile.ByID(tx, who.Profile)
	if err != nil {
		return err
	}
	x.Organisation, x.By = name, by.Called()
	told := map[id.Profile]bool{}
	for _, m := range to {
		if told[m.Profile] {
			continue
		}
		told[m.Profile] = true
		p, err := profile.ByID(tx, m.Profile)
		if err != nil {
			return err
		}
		if err := r.Post.Tell(tx, who, p, n, x); err != nil {
			return err
		}
	}
	return nil
}
