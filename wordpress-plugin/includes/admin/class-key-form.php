<?php
/**
 * The form for a connection key.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * One field and one button. A key that is in use is never printed back.
 */
final class Key_Form {

	/**
	 * Prints the form.
	 *
	 * @param string $url    Where it is posted to.
	 * @param string $action The action, which its nonce is made for.
	 * @param string $button What its button says; empty for "Connect".
	 */
	public static function print( string $url, string $action, string $button = '' ): void {
		$button = '' === $button ? __( 'Connect', 'gateway-connector' ) : $button;
		?>
		<form method="post" action="<?php echo esc_url( $url ); ?>">
			<input type="hidden" name="action" value="<?php echo esc_attr( $action ); ?>" />
			<?php wp_nonce_field( $action ); ?>
			<p>
				<label for="gateway-connector-key">
					<strong><?php esc_html_e( 'Connection key', 'gateway-connector' ); ?></strong>
				</label><br />
				<input type="password" id="gateway-connector-key" name="key" required autocomplete="off" spellcheck="false"
					placeholder="gwc_…" aria-describedby="gateway-connector-key-help" />
			</p>
			<p class="description" id="gateway-connector-key-help">
				<?php
				esc_html_e( 'The person who runs your gateway gives it to you: one line that begins with gwc_.', 'gateway-connector' );
				echo ' ';
				esc_html_e( 'It is shown only once there. If it is lost, ask for a new one.', 'gateway-connector' );
				?>
			</p>
			<p><button class="button"><?php echo esc_html( $button ); ?></button></p>
		</form>
		<?php
	}

	/**
	 * The key that was posted. Mail programs break long lines, so white space is removed.
	 */
	public static function posted(): string {
		$key = sanitize_text_field( Request::text( 'key' ) );
		return (string) preg_replace( '/\s+/', '', $key );
	}
}
