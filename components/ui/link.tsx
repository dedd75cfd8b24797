'use client';
import NextLink from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import type { ComponentProps } from 'react';
import { keepParams } from './keep-params.ts';

export interface LinkProps extends Omit<ComponentProps<typeof NextLink>, 'href' | 'prefetch'> {
  href: string;
  /** Carry the environment and the time range along; on by default. */
  keep?: boolean;
}

/** A link inside the console. It keeps what is being looked at, and fetches ahead only once it is pointed at. */
export function Link({ href, keep = true, onPointerEnter, onFocus, ...rest }: LinkProps) {
  const params = useSearchParams();
  const router = useRouter();
  const target = keep ? keepParams(href, params) : href;
  return (
    <NextLink
      href={target}
      prefetch={false}
      onPointerEnter={(event) => {
        router.prefetch(target);
        onPointerEnter?.(event);
      }}
      onFocus={(event) => {
        router.prefetch(target);
        onFocus?.(event);
      }}
      {...rest}
    />
  );
}

/** A link to another site: opened apart, without telling it where one came from. Only http and https are linked. */
export function ExternalLink({
  href,
  children,
  className,
}: {
  href: string;
  children: React.ReactNode;
  className?: string;
}) {
  if (!/^https?:\/\//i.test(href)) return <span className={className}>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer" className={className ?? 'link'}>
      {children}
    </a>
  );
}
