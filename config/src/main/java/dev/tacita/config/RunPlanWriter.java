package dev.tacita.config;

import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a run plan as YAML. What is written reads back as an equal plan, and equal plans give equal text. */
public final class RunPlanWriter {
    private final StringBuilder out = new StringBuilder();

    private RunPlanWriter() {}

    /**
     * The plan with every value written out, defaults too.
     *
     * @throws IllegalArgumentException if its algorithm has no written form
     * @throws dev.tacita.core.ProblemsException if a value is outside the bounds of {@link RunPlanReader}
     */
    public static String write(RunPlan plan) {
        RunPlanWriter writer = new RunPlanWriter();
        writer.line("name: " + YamlText.quoted(plan.name()));
        writer.line("dataset: " + YamlText.quoted(plan.dataset()));
        writer.line("model:");
        writer.model(plan.model());
        String loss = LossReader.written(plan.loss());
        writer.line(loss.contains(":") ? "loss: {" + loss + "}" : "loss: " + loss);
        writer.line("algorithm:");
        AlgorithmReader.written(plan.algorithm()).forEach(line -> writer.line("  " + line));
        writer.line("rounds: " + plan.rounds());
        writer.line("cohort-fraction: " + YamlText.number(plan.cohortFraction()));
        writer.line("quorum: " + plan.quorum());
        writer.line("sites: " + plan.sites());
        writer.line("deadline: " + Durations.format(plan.deadline()));
        writer.line("retries: " + plan.retries());
        writer.line("protection: " + ProtectionReader.written(plan.protection()));
        writer.line("privacy: " + PrivacyReader.written(plan.privacy()));
        writer.line("encoding: {fraction-bits: " + plan.encoding().fractionBits() + ", limit: "
                + plan.encoding().limit() + "}");
        writer.line("seed: " + plan.seed());
        String text = writer.out.toString();
        if (!RunPlanReader.read("the plan as written", text).equals(plan)) {
            throw new IllegalArgumentException("a plan must read back as it was. Provided value: " + plan);
        }
        return text;
    }

    private void line(String line) {
        out.append(line).append('\n');
    }

    private void model(ModelSpec model) {
        if (isChain(model)) {
            line("  input: " + model.inputs().get(0).shape());
            line("  layers:");
            model.nodes().forEach(node -> line("    - " + node.layer().accept(new LayerWriter())));
            return;
        }
        line("  inputs:");
        for (Input input : model.inputs()) {
            line("    - {id: " + YamlText.quoted(input.id()) + ", shape: " + input.shape() + "}");
        }
        line("  nodes:");
        for (Node node : model.nodes()) {
            line("    - id: " + YamlText.quoted(node.id()));
            line("      layer:");
            line("        " + node.layer().accept(new LayerWriter()));
            line("      inputs: " + node.inputs().stream().map(YamlText::quoted).collect(Collectors.toList()));
            if (node.frozen()) {
                line("      frozen: true");
            }
            node.parametersOf().ifPresent(owner -> line("      parameters-of: " + YamlText.quoted(owner)));
        }
        line("  output: " + YamlText.quoted(model.output()));
    }

    private static boolean isChain(ModelSpec model) {
        String previous = "input";
        for (int i = 0; i < model.nodes().size(); i++) {
            Node node = model.nodes().get(i);
            String id = "layer-" + (i + 1);
            if (!node.equals(new Node(id, node.layer(), List.of(previous)))) {
                return false;
            }
            previous = id;
        }
        return model.inputs().size() == 1
                && model.inputs().get(0).id().equals("input")
                && model.output().equals(previous);
    }
}
