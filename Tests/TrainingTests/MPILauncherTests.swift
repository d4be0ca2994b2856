import Processes
import Testing

/// Who has started this process, by the variables of launchers.
@Suite struct MPILauncherTests {
  private static func launcher(_ variables: [String: String]) -> MPILauncher? {
    MPILauncher { variables[$0] }
  }

  @Test func aProcessAmongSeveralKnowsItsLauncherAndItsRank() throws {
    for (variables, name, rank, taskCount) in [
      (["OMPI_COMM_WORLD_RANK": "3", "OMPI_COMM_WORLD_SIZE": "4"], "mpirun", 3, 4 as Int?),
      (["PMI_RANK": "0", "PMI_SIZE": "2"], "mpirun", 0, 2),
      (["SLURM_PROCID": "5", "SLURM_STEP_NUM_TASKS": "8"], "srun", 5, 8),
      (["PMIX_RANK": "1"], "mpirun", 1, nil),
      // srun with PMI
      (
        ["SLURM_PROCID": "1", "SLURM_STEP_NUM_TASKS": "2", "PMI_RANK": "1", "PMI_SIZE": "2"],
        "mpirun", 1, 2
      ),
    ] {
      let launcher = try #require(Self.launcher(variables), "\(variables)")
      #expect(launcher.name == name && launcher.rank == rank)
      #expect(launcher.taskCount == taskCount)
    }
  }

  @Test(arguments: [
    [:], ["OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "1"],
    // The batch script of a job of Slurm, and a single task.
    ["SLURM_PROCID": "0"], ["SLURM_PROCID": "0", "SLURM_STEP_NUM_TASKS": "1"],
  ])
  func aProcessThatIsAloneNeedsNoMPI(variables: [String: String]) {
    #expect(Self.launcher(variables) == nil)
  }
}
