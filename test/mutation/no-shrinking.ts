import fc from 'fast-check';

// The first failing example catches a defect; looking for the smallest takes longer than everything else.
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
