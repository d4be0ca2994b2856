# Sourced by scripts that hold charlm against Python packages.
#
# install_packages ENVIRONMENT SECONDS PACKAGE...: whether the packages can be had in a virtual environment.
install_packages() {
  local environment=$1 seconds=$2
  [ -x "$environment/bin/python" ] || python3 -m venv "$environment" || return 1
  timeout "$seconds" "$environment/bin/python" -m pip install --quiet --no-compile \
    --disable-pip-version-check --timeout 15 --retries 1 "${@:3}" || return 1
}
