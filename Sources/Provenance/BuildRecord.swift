/// What this program was built from and with: `commit` and `compilerVersion`, each empty if it was
/// not known.
///
/// `scripts/record-build.sh` writes them before each build.
package enum BuildRecord {}
