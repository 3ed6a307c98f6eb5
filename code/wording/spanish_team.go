package wording

var spanishTeam = book{}
