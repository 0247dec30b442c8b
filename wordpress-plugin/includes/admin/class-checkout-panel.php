<?php
/**
 * The checkout, on the page "Gateway › Users".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Lets the owner of a shop choose the list and the words of the box at the checkout.
 */
final class Checkout_Panel {

	public const SAVE = 'gateway_connector_checkout';

	private Notices $notices;

	public function __construct( Notices $notices ) {
		$this->notices = $notices;
	}

	public function register(): void {
		add_action( 'admin_post_' . self::SAVE, array( $this, 'save' ) );
	}

	public function save(): void {
		User_Page::authorize( self::SAVE );
		// Checkout_Settings::from_input() cleans each member for what it is.
		$settings = Checkout_Settings::from_input( Request::members( 'checkout' ) );
		$settings->save();
		if ( $settings->enabled && ! $settings->is_active() ) {
			$this->notices->add(
				'warning',
				__( 'Saved, but the box is not shown yet: choose a list and write the text beside the box.', 'gateway-connector' )
			);
		} else {
			$this->notices->add( 'success', __( 'Saved.', 'gateway-connector' ) );
		}
		User_Page::redirect();
	}

	/**
	 * Prints nothing without WooCommerce.
	 *
	 * @param array<string,string> $lists Names of the lists by id.
	 */
	public function print( array $lists ): void {
		if ( ! class_exists( 'WooCommerce' ) ) {
			return;
		}
		$settings = Checkout_Settings::load();
		?>
		<div class="card gateway-connector-card">
			<h2><?php esc_html_e( 'WooCommerce checkout', 'gateway-connector' ); ?></h2>
			<p class="gateway-connector-summary"><?php echo esc_html( self::summary( $settings ) ); ?></p>
			<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
				<input type="hidden" name="action" value="<?php echo esc_attr( self::SAVE ); ?>" />
				<?php wp_nonce_field( self::SAVE ); ?>
				<p><label>
					<input type="checkbox" name="checkout[enabled]" value="1" <?php checked( $settings->enabled ); ?> />
					<?php esc_html_e( 'Show a box for the newsletter at the checkout', 'gateway-connector' ); ?>
				</label></p>
				<p class="gateway-connector-pair">
					<?php
						$label = __( 'Mailing list', 'gateway-connector' );
						User_Page_View::print_menu( 'checkout[list]', $label, $settings->list, $lists );
					?>
				</p>
				<?php
				self::print_text( 'label', 'text', $settings->label, __( 'Text beside the box', 'gateway-connector' ) );
				self::print_text( 'policy_url', 'url', $settings->policy_url, __( 'Privacy policy', 'gateway-connector' ) );
				self::print_text( 'policy_version', 'text', $settings->policy_version, __( 'Policy version', 'gateway-connector' ) );
				?>
				<p class="description">
					<?php
					esc_html_e(
						'The box is never ticked in advance. The checkout block shows it without the link to the policy.',
						'gateway-connector'
					);
					?>
				</p>
				<p><button class="button button-primary"><?php esc_html_e( 'Save', 'gateway-connector' ); ?></button></p>
			</form>
		</div>
		<?php
	}

	private static function summary( Checkout_Settings $settings ): string {
		return $settings->is_active()
			? __(
				'Customers see the box at the checkout. People who tick it get a confirmation email and join the list once they confirm.',
				'gateway-connector'
			)
			: __( 'Off: the checkout is unchanged.', 'gateway-connector' );
	}

	private static function print_text( string $member, string $type, string $value, string $label ): void {
		printf(
			'<p><label for="gateway-connector-checkout-%1$s">%2$s</label><br />'
				. '<input type="%3$s" class="regular-text" id="gateway-connector-checkout-%1$s" name="checkout[%1$s]" value="%4$s" /></p>',
			esc_attr( $member ),
			esc_html( $label ),
			esc_attr( $type ),
			esc_attr( $value )
		);
	}
}
