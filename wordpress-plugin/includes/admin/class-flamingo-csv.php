<?php
/**
 * Flamingo’s inbox as CSV.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * The last part of the page "Gateway › Import": shows to which words people agreed in the messages that Flamingo keeps, and gives a file
 * for each, for the gateway's own import. Nobody joins a list by it: only the owner knows which words are the consent to which list.
 */
final class Flamingo_Csv {

	public const DOWNLOAD = 'gateway_connector_flamingo';

	/**
	 * The columns, as they are called in the file.
	 */
	private const COLUMNS = array( 'email', 'name', 'consent', 'agreed_at', 'source' );

	private Flamingo_Inbox $inbox;

	public function __construct( Flamingo_Inbox $inbox ) {
		$this->inbox = $inbox;
	}

	public function register(): void {
		add_action( 'admin_post_' . self::DOWNLOAD, array( $this, 'download' ) );
	}

	/**
	 * Prints the section.
	 *
	 * @return bool Whether there was anything to print.
	 */
	public function print(): bool {
		$wordings = $this->inbox->wordings();
		$silent   = $this->inbox->silent_messages();
		if ( array() === $wordings && 0 === $silent ) {
			return false;
		}
		echo '<h2>' . esc_html__( 'Flamingo’s inbox', 'gateway-connector' ) . '</h2><div class="card gateway-connector-card">';
		printf(
			'<p>%s</p>',
			esc_html__(
				'People who ticked a box, by its words. Where the words are the consent to a list, use the file in the gateway’s import.',
				'gateway-connector'
			)
		);
		foreach ( $wordings as $words => $count ) {
			$this->print_wording( (string) $words, $count );
		}
		if ( $silent > 0 ) {
			$text = sprintf(
				/* translators: %s: number of messages */
				_n(
					'%s message states no consent, so its sender is not in any file.',
					'%s messages state no consent, so their senders are not in any file.',
					$silent,
					'gateway-connector'
				),
				number_format_i18n( $silent )
			);
			printf( '<p><strong>%s</strong> %s</p>', esc_html__( 'Not imported.', 'gateway-connector' ), esc_html( $text ) );
		}
		echo '</div>';
		return true;
	}

	/**
	 * Sends the file of those who agreed to the words that were posted.
	 */
	public function download(): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'gateway-connector' ), '', 403 );
		}
		check_admin_referer( self::DOWNLOAD );
		nocache_headers();
		header( 'Content-Type: text/csv; charset=utf-8' );
		header( 'Content-Disposition: attachment; filename="flamingo-' . gmdate( 'Y-m-d' ) . '.csv"' );
		$output = fopen( 'php://output', 'w' ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- the answer, not a file.
		$this->write( $output, Request::text( 'words' ) );
		exit;
	}

	/**
	 * Writes those who agreed to words, with a line of headings.
	 *
	 * @param resource $output Where to.
	 * @param string   $words  The words.
	 */
	public function write( $output, string $words ): void {
		Csv_Export::put( $output, self::COLUMNS );
		foreach ( $this->inbox->people( $words ) as $person ) {
			Csv_Export::put( $output, array_values( $person ) );
		}
	}

	private function print_wording( string $words, int $count ): void {
		/* translators: %s: number of people */
		$people = sprintf( _n( '%s person', '%s people', $count, 'gateway-connector' ), number_format_i18n( $count ) );
		printf( '<form method="post" action="%s">', esc_url( admin_url( 'admin-post.php' ) ) );
		printf( '<p>“%s” — %s ', esc_html( $words ), esc_html( $people ) );
		printf( '<input type="hidden" name="action" value="%s" />', esc_attr( self::DOWNLOAD ) );
		printf( '<input type="hidden" name="words" value="%s" />', esc_attr( $words ) );
		wp_nonce_field( self::DOWNLOAD, '_wpnonce', false );
		printf(
			'<button class="button" aria-label="%s">%s</button></p></form>',
			/* translators: %s: the words beside a box */
			esc_attr( sprintf( __( 'Download CSV: %s', 'gateway-connector' ), $words ) ),
			esc_html__( 'Download CSV', 'gateway-connector' )
		);
	}
}
