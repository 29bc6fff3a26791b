package org.sab4j.bench;

import org.sab4j.kernels.Kernels;
import org.sab4j.model.SequenceModel;
import org.sab4j.train.Adam;
import org.sab4j.train.ThreadTeam;
import org.sab4j.train.TrainConfig;
import org.sab4j.train.TrainEvent;
import org.sab4j.train.TrainState;
import org.sab4j.train.Trainer;

/** Our own update: {@link Trainer#run}, stopped after each. No average of the parameters is kept, as the peers keep none. */
final class OurUpdate implements Update {

    private final ThreadTeam team;
    private final Trainer trainer;
    private boolean made;
    private double loss;

    OurUpdate(Setting setting, Kernels kernels) {
        team = new ThreadTeam(setting.threads());
        SequenceModel model =
                setting.initial(kernels, team.products(kernels, setting.model().hidden()));
        // Neither evaluated nor stopped, however many updates are made.
        TrainConfig config = new TrainConfig(
                setting.batch(),
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                1,
                Adam.DEFAULT,
                Setting.CLIP_NORM,
                0,
                setting.shardRows(),
                1);
        trainer = new Trainer(model, setting.task(), config, TrainState.start(model, setting.seed()), team);
    }

    @Override
    public double run() {
        made = false;
        trainer.run(this::take, () -> made);
        return loss;
    }

    private void take(TrainEvent event) {
        switch (event) {
            case TrainEvent.Updated updated -> {
                made = true;
                loss = updated.loss();
            }
            case TrainEvent.Skipped skipped -> throw new IllegalStateException("An update was skipped: " + skipped);
            case TrainEvent.Evaluated evaluated -> throw new IllegalStateException("Not to be evaluated: " + evaluated);
            case TrainEvent.Finished finished -> {
                // After each update.
            }
        }
    }

    @Override
    public void close() {
        team.close();
    }
}
