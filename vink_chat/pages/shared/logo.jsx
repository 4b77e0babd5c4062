import { useSyncExternalStore } from "react";
import { isBroken, report, subscribe } from "./broken_addresses.js";

/** @param {string} address */
const useBroken = (address) =>
  useSyncExternalStore(
    subscribe,
    () => isBroken(address),
    () => false,
  );

/** @param {{ address: string, className?: string }} props */
export function Logo({ address, className }) {
  const broken = useBroken(address);
  return (
    <img
      src={address}
      alt=""
      hidden={broken}
      className={className}
      onLoad={() => report(address, false)}
      onError={() => report(address, true)}
    />
  );
}

/** @param {import("react").HTMLAttributes<HTMLParagraphElement> & { address: string }} props */
export function BrokenLogo({ address, ...props }) {
  return useBroken(address) ? <p {...props} /> : null;
}
