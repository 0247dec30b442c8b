<?php
/**
 * What became of emails, on the page "Gateway › Statistics".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Shows how many emails were sent, came back or were called spam, and how many people are not written to any more, with the reason.
 */
final class Mail_Figures {

	public static function print( Figures $figures ): void {
		$mails = $figures->mails();
		if ( array() === $mails ) {
			return; // A gateway that is older than this plugin.
		}
		echo '<h2>' . esc_html__( 'What became of emails', 'gateway-connector' ) . '</h2>';
		foreach ( $figures->limits() as $limit ) {
			printf(
				'<div class="notice notice-%s inline"><p>%s</p></div>',
				'brake' === $limit['level'] ? 'error' : 'warning',
				esc_html( Mail_Limit::text( $limit ) )
			);
		}
		echo '<dl class="gateway-connector-totals gateway-connector-mails">';
		foreach ( self::totals( $mails, $figures ) as $name => $value ) {
			printf( '<div><dt>%s</dt><dd>%s</dd></div>', esc_html( $name ), esc_html( $value ) );
		}
		printf(
			'</dl><p class="description">%s %s %s</p>',
			esc_html__( 'All emails of this site in this period.', 'gateway-connector' ),
			esc_html__( 'Bounced: the address does not exist.', 'gateway-connector' ),
			esc_html__(
				'Returned: the mailbox was full, or a filter refused the email; such people still get emails.',
				'gateway-connector'
			)
		);
		self::print_suppressed( $mails['suppressed'] );
	}

	/**
	 * One line for the dashboard; empty when there is nothing to say.
	 */
	public static function line( Figures $figures ): string {
		$mails = $figures->mails();
		if ( array() === $mails || 0 === $mails['sent'] ) {
			return '';
		}
		/* translators: 1: number of emails, 2: number of emails that came back, 3: number of emails called spam */
		$text = __( '%1$s sent, %2$s bounced, %3$s called spam', 'gateway-connector' );
		return sprintf(
			$text,
			number_format_i18n( $mails['sent'] ),
			number_format_i18n( $mails['bounced'] ),
			number_format_i18n( $mails['complained'] )
		);
	}

	/**
	 * Figures by their names.
	 *
	 * @return array<string,string>
	 */
	private static function totals( array $mails, Figures $figures ): array {
		$totals = array( __( 'Sent', 'gateway-connector' ) => $mails['sent'] );
		if ( $mails['delivered'] > 0 ) {
			$totals[ __( 'Delivered', 'gateway-connector' ) ] = $mails['delivered'];
		}
		$totals += array(
			__( 'Bounced', 'gateway-connector' )     => $mails['bounced'],
			__( 'Returned', 'gateway-connector' )    => $mails['returned'],
			__( 'Called spam', 'gateway-connector' ) => $mails['complained'],
		);
		return array_map( 'number_format_i18n', $totals ) + array( __( 'Spam rate', 'gateway-connector' ) => $figures->complaint_rate() );
	}

	/**
	 * Who is not written to any more, and why.
	 *
	 * @param array{bounced:int,complained:int} $suppressed Numbers of addresses.
	 */
	private static function print_suppressed( array $suppressed ): void {
		$reasons = array();
		if ( $suppressed['bounced'] > 0 ) {
			$reasons[] = sprintf(
				/* translators: %s: a number */
				_n(
					'%s address does not exist: emails to it came back.',
					'%s addresses do not exist: emails to them came back.',
					$suppressed['bounced'],
					'gateway-connector'
				),
				number_format_i18n( $suppressed['bounced'] )
			);
		}
		if ( $suppressed['complained'] > 0 ) {
			$reasons[] = sprintf(
				/* translators: %s: a number */
				_n(
					'%s person called your emails spam.',
					'%s people called your emails spam.',
					$suppressed['complained'],
					'gateway-connector'
				),
				number_format_i18n( $suppressed['complained'] )
			);
		}
		printf( '<h3>%s</h3>', esc_html__( 'Not written to any more', 'gateway-connector' ) );
		if ( array() === $reasons ) {
			printf( '<p>%s</p>', esc_html__( 'Nobody: no emails came back for good, and nobody complained.', 'gateway-connector' ) );
			return;
		}
		printf(
			'<ul class="ul-disc"><li>%s</li></ul><p class="description">%s %s</p>',
			implode( '</li><li>', array_map( 'esc_html', $reasons ) ), // phpcs:ignore WordPress.Security.EscapeOutput
			esc_html__(
				'The gateway refuses further emails to them, also confirmations of a new sign-up.',
				'gateway-connector'
			),
			esc_html__( 'The person who runs the gateway can allow an address again.', 'gateway-connector' )
		);
	}
}
