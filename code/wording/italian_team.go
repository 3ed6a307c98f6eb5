package wording

var italianTeam = book{}
