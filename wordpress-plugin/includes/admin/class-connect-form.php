<?php
/**
 * The form for the gateway's address.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * One field and one button: the rest is chosen at the gateway.
 */
final class Connect_Form {

	public static function print(): void {
		?>
		<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
			<input type="hidden" name="action" value="<?php echo esc_attr( Connect_Flow::ASK ); ?>" />
			<?php wp_nonce_field( Connect_Flow::ASK ); ?>
			<p>
				<label for="gateway-connector-address">
					<strong><?php esc_html_e( 'Address of your gateway', 'gateway-connector' ); ?></strong>
				</label><br />
				<input type="text" inputmode="url" id="gateway-connector-address" name="address" required autocomplete="url"
					spellcheck="false" autocapitalize="none" placeholder="https://gateway.example.org"
					aria-describedby="gateway-connector-address-help" />
			</p>
			<p class="description" id="gateway-connector-address-help">
				<?php
				esc_html_e( 'You choose your site there and come back. You may have to sign in there first.', 'gateway-connector' );
				?>
			</p>
			<p><button class="button button-primary"><?php esc_html_e( 'Connect', 'gateway-connector' ); ?></button></p>
		</form>
		<?php
	}
}
