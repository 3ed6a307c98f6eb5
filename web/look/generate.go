package look

//go:generate npm --prefix thirdparty ci --silent
//go:generate node thirdparty/build.mjs
