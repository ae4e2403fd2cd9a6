#!/usr/bin/env bash
# Installs the load generators that peers.js compares c1m with: from Debian where it has them, the
# others into the folder PEERS_BIN, at pinned versions. autocannon comes with `npm ci`.
#   PEERS_BIN=~/peers benchmarks/install-peers.sh && PEERS_BIN=~/peers npm run bench
# Needs root for apt, Go ≥ 1.24, Rust ≥ 1.88, Python ≥ 3.9 and a C compiler. What cannot be installed
# is named, and the others are installed all the same.
set -uo pipefail

: "${PEERS_BIN:?the folder to install into}"
mkdir -p "$PEERS_BIN"
bin=$(cd "$PEERS_BIN" && pwd)
source=$bin/source
notes=$bin/versions.txt
mkdir -p "$source"
failed=()

# What does not tell its own version has it from here.
note() { sed -i "/^$1 /d" "$notes" 2>/dev/null; echo "$1 $2" >>"$notes"; }

# checkout NAME URL COMMIT
checkout() {
  [ -d "$source/$1" ] || git clone --quiet "$2" "$source/$1" || return 1
  git -C "$source/$1" checkout --quiet "$3"
}

debian() {
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
    wrk apache2-utils nghttp2-client time util-linux build-essential libssl-dev zlib1g-dev \
    python3-venv git
}

hey() {
  GOBIN=$bin go install github.com/rakyll/hey@v0.1.5 && note hey 0.1.5
}

vegeta() {
  GOBIN=$bin go install -ldflags '-X main.Version=v12.13.0' github.com/tsenart/vegeta/v12@v12.13.0
}

k6() {
  GOBIN=$bin go install go.k6.io/k6@v1.8.1
}

oha() {
  cargo install oha --version 1.16.0 --locked --root "$source/oha" &&
    cp "$source/oha/bin/oha" "$bin"
}

# Debian 12's liburing is too old for it.
gcannon() {
  checkout liburing https://github.com/axboe/liburing 27255f4ceda937b3540e425ed58284f5c03c8ad4 &&
    checkout gcannon https://github.com/MDA2AV/gcannon 43b30bc24c8cc6aab37dd7d718b47ffb985e6558 &&
    (cd "$source/liburing" && ./configure --prefix="$source/liburing-installed" &&
      make -C src install) &&
    make -C "$source/gcannon" \
      CFLAGS="-O2 -march=native -Iinclude -DUSE_PICO -Iexternal/picohttpparser -I$source/liburing-installed/include" \
      LDFLAGS="-L$source/liburing-installed/lib -l:liburing.a -lpthread" &&
    cp "$source/gcannon/gcannon" "$bin" &&
    note gcannon '0.5.3 (43b30bc), liburing 27255f4'
}

wrk2() {
  checkout wrk2 https://github.com/giltene/wrk2 44a94c17d8e6a0bac8559b53da76848e430cb7a7 &&
    make -C "$source/wrk2" &&
    cp "$source/wrk2/wrk" "$bin/wrk2" &&
    note wrk2 '4.0.0 (44a94c1)'
}

# Its one dependency is fetched by git, at the commit that it names, and Zig checks the hash.
zrk() {
  checkout zrk https://github.com/zoxy-io/zrk 87455f2bbe8e0d4eb405af0a7211462145fe58fa &&
    checkout zio https://github.com/lalinsky/zio 9711d68104946a457f151776000210d8adca3f3e &&
    python3 -m venv "$source/zig" &&
    "$source/zig/bin/pip" install --quiet ziglang==0.16.0 &&
    (cd "$source/zrk" && zig fetch ../zio && zig build -Doptimize=ReleaseFast) &&
    cp "$source/zrk/zig-out/bin/zrk" "$bin"
}

zig() { "$source/zig/bin/python" -m ziglang "$@"; }

for peer in debian hey vegeta k6 oha gcannon wrk2 zrk; do
  echo "== $peer"
  "$peer" || failed+=("$peer")
done
[ "${#failed[@]}" -eq 0 ] || { echo "Not installed: ${failed[*]}"; exit 1; }
