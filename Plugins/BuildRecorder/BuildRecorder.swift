import Foundation
import PackagePlugin

/// Runs `scripts/record-build.sh` before each build: only at that time are the commit and the
/// compiler's version known.
///
/// The manifest cannot know them: SwiftPM caches what it computes.
@main
struct BuildRecorder: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let folder = context.pluginWorkDirectoryURL.appending(path: "generated")
    let script = context.package.directoryURL.appending(path: "scripts/record-build.sh")
    return [
      .prebuildCommand(
        displayName: "Recording the commit and the compiler",
        executable: URL(filePath: "/bin/sh"),
        arguments: [script.path, try context.tool(named: "swiftc").url.path, folder.path],
        outputFilesDirectory: folder)
    ]
  }
}
