<?php
/**
 * Bots.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Finds bots without asking people anything: by a field that only a bot sees, and by a time in which nobody fills in a form.
 *
 * The time counts from when the page was made; a signed field holds it. A page from a cache is older, so there the time finds no bot,
 * but it never stops a person. The script waits for the rest of the time by itself.
 */
final class Bot_Trap {

	/**
	 * Seconds.
	 */
	public const MIN_SECONDS = 2;

	/**
	 * A name that browsers do not fill in by themselves.
	 */
	public const FIELD = 'gateway-connector-topic';

	public const TIME = 'gateway-connector-time';

	/**
	 * The hidden fields. The first is out of sight and out of reach for keyboard and screen reader, and not display:none, which bots know.
	 *
	 * @param string $since The time that came with the form, when it is shown again: whoever corrects a mistake does not wait again.
	 */
	public static function print( string $since = '' ): void {
		printf(
			'<p class="gateway-connector-subscribe-trap" aria-hidden="true">'
				. '<label>%s <input type="text" name="%s" value="" tabindex="-1" autocomplete="off" /></label></p>',
			esc_html__( 'Leave this field empty', 'gateway-connector' ),
			esc_attr( self::FIELD )
		);
		$time = null === Signed_Fields::verify( $since ) ? Signed_Fields::sign( array( time() ) ) : $since;
		printf( '<input type="hidden" name="%s" value="%s" />', esc_attr( self::TIME ), esc_attr( $time ) );
	}

	/**
	 * Whether the hidden field is filled in.
	 *
	 * @param array<string,string> $posted What was posted.
	 */
	public static function is_sprung( array $posted ): bool {
		return '' !== ( $posted[ self::FIELD ] ?? 'missing' );
	}

	/**
	 * Whether the form came back faster than a person can send it.
	 *
	 * @param array<string,string> $posted What was posted.
	 */
	public static function is_early( array $posted ): bool {
		$made = Signed_Fields::verify( $posted[ self::TIME ] ?? '' );
		if ( ! is_int( $made[0] ?? null ) ) {
			return true;
		}
		$age = time() - $made[0];
		return 0 <= $age && $age < self::MIN_SECONDS; // Another server's clock may be ahead; that must not stop a visitor.
	}
}
